package slack_test

import (
	"context"
	"encoding/json"
	"io"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	slackgo "github.com/slack-go/slack"

	"realtimekit-digest/internal/simulator/slack"
)

const (
	channel = "C0123456789"
	token   = "xoxb-test"
)

func start(t *testing.T) *slack.Server {
	t.Helper()
	s, err := slack.Start()
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(s.Close)
	return s
}

// client is the library through which the product talks to Slack.
func client(s *slack.Server) *slackgo.Client {
	return slackgo.New(token, slackgo.OptionAPIURL(s.URL()), slackgo.OptionHTTPClient(&http.Client{
		Timeout: 10 * time.Second, Transport: &http.Transport{DisableKeepAlives: true},
	}))
}

// reply is the part of an answer that tests look at.
type reply struct {
	OK       bool            `json:"ok"`
	Error    string          `json:"error"`
	Errors   []string        `json:"errors"`
	TS       string          `json:"ts"`
	HasMore  bool            `json:"has_more"`
	Message  json.RawMessage `json:"message"`
	Messages []struct {
		TS, Text, User string
		BotID          string          `json:"bot_id"`
		Blocks         json.RawMessage `json:"blocks"`
		Metadata       json.RawMessage `json:"metadata"`
		Edited         json.RawMessage `json:"edited"`
	} `json:"messages"`
	Metadata struct {
		Messages   []string `json:"messages"`
		NextCursor string   `json:"next_cursor"`
	} `json:"response_metadata"`
}

// form calls a method as slack-go does: a form that holds the token too.
func form(t *testing.T, s *slack.Server, method string, args ...string) reply {
	t.Helper()
	values := url.Values{"token": {token}}
	for i := 0; i < len(args); i += 2 {
		values.Set(args[i], args[i+1])
	}
	return send(t, s, method, "application/x-www-form-urlencoded", "", values.Encode())
}

// send calls a method with any body, and authorization in the header.
func send(t *testing.T, s *slack.Server, method, contentType, authorization, body string) reply {
	t.Helper()
	r, err := http.NewRequestWithContext(t.Context(), http.MethodPost, s.URL()+method, strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	if contentType != "" {
		r.Header.Set("Content-Type", contentType)
	}
	if authorization != "" {
		r.Header.Set("Authorization", authorization)
	}
	response, err := http.DefaultClient.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	data, err := io.ReadAll(response.Body)
	if err != nil {
		t.Fatal(err)
	}
	if response.StatusCode != http.StatusOK && response.StatusCode != http.StatusTooManyRequests {
		t.Fatalf("%s: got status %d, want 200 whatever the error", method, response.StatusCode)
	}
	if kind := response.Header.Get("Content-Type"); !strings.HasPrefix(kind, "application/json") {
		t.Errorf("%s: got content type %q", method, kind)
	}
	var got reply
	if err := json.Unmarshal(data, &got); err != nil {
		t.Fatalf("%s: answer %s: %v", method, data, err)
	}
	if got.OK != (got.Error == "") {
		t.Errorf("%s: got ok %t and error %q", method, got.OK, got.Error)
	}
	return got
}

// mustPost posts a text and returns its ts.
func mustPost(t *testing.T, s *slack.Server, text string, more ...string) string {
	t.Helper()
	got := form(t, s, "chat.postMessage", append([]string{"channel", channel, "text", text}, more...)...)
	if !got.OK {
		t.Fatalf("got error %q (%q), want a message", got.Error, got.Metadata.Messages)
	}
	return got.TS
}

func post(ctx context.Context, s *slack.Server) error {
	_, _, err := client(s).PostMessageContext(ctx, channel, slackgo.MsgOptionText("a", false))
	return err
}
