package delivery

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"realtimekit-digest/internal/blockkit"
	"realtimekit-digest/internal/simulator/slack"
)

const (
	testToken   = "xoxb-token-that-nobody-may-see"
	testChannel = "C0123456789"
)

// post is a message in the four forms of a report.
func post() Post {
	header := blockkit.Header{Text: "Usage"}
	rows := [][]blockkit.Cell{{blockkit.TextCell("Meeting"), blockkit.TextCell("Minutes")}, {blockkit.TextCell("Weekly"), blockkit.NumberCell(12.5, "12.50")}}
	return Post{Channel: testChannel, Key: "the-key", App: "the-app", Window: "the-window", Forms: []Form{
		{"native", blockkit.Message{Text: "12.5 minutes", Blocks: []blockkit.Block{header, blockkit.DataTable{Caption: "Minutes", PageSize: 10, Rows: rows}}}},
		{"table", blockkit.Message{Text: "12.5 minutes", Blocks: []blockkit.Block{header, blockkit.Table{Rows: rows}}}},
		{"sections", blockkit.Message{Text: "12.5 minutes", Blocks: []blockkit.Block{header, blockkit.Section{Text: blockkit.Plain("Weekly 12.5")}}}},
		{"text", blockkit.Message{Text: "12.5 minutes"}},
	}}
}

// start runs a simulated Slack and a client for it whose log ends in the writer.
func start(t *testing.T, log io.Writer) (*slack.Server, *Slack) {
	t.Helper()
	server, err := slack.Start()
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(server.Close)
	server.SetToken(testToken)
	return server, New(testToken, server.URL(), nil, slog.New(slog.NewJSONHandler(log, nil)))
}

func TestPost(t *testing.T) {
	server, client := start(t, io.Discard)
	posted, err := client.Post(t.Context(), post())
	if err != nil {
		t.Fatal(err)
	}
	messages := server.Messages(testChannel)
	if len(messages) != 1 || posted != (Posted{testChannel, messages[0].TS, "native"}) {
		t.Fatalf("%+v, %+v", posted, messages)
	}
	var metadata struct {
		EventType string            `json:"event_type"`
		Payload   map[string]string `json:"event_payload"`
	}
	if err := json.Unmarshal(messages[0].Metadata, &metadata); err != nil {
		t.Fatal(err)
	}
	if metadata.EventType != EventType || fmt.Sprint(metadata.Payload) != "map[app:the-app key:the-key window:the-window]" {
		t.Errorf("metadata %+v", metadata)
	}
	if want, _ := json.Marshal(post().Forms[0].Message.Blocks); string(messages[0].Blocks) != string(want) {
		t.Errorf("blocks\n%s, want\n%s", messages[0].Blocks, want)
	}
}

// TestLadder: blocks that a workspace refuses are followed by simpler ones,
// in one message, and the log says why.
func TestLadder(t *testing.T) {
	for _, tc := range []struct {
		name   string
		set    func(*slack.Server)
		form   string
		calls  int
		logged string
	}{
		{"native refused", func(s *slack.Server) { s.RefuseNative(true) }, "table", 2, "invalid_blocks"},
		{"tables refused", func(s *slack.Server) { s.RefuseNative(true); s.RefuseTables(true) }, "sections", 3, "invalid_blocks"},
		{"all blocks refused", func(s *slack.Server) {
			s.Script("chat.postMessage", slack.Refuse("invalid_blocks_format"), slack.Refuse("msg_blocks_too_long"), slack.Refuse("invalid_blocks", "[ERROR] no blocks today [json-pointer:/blocks/0]"))
		}, "text", 4, "no blocks today"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			var log strings.Builder
			server, client := start(t, &log)
			tc.set(server)
			posted, err := client.Post(t.Context(), post())
			if err != nil || posted.Form != tc.form {
				t.Fatalf("%+v, %v", posted, err)
			}
			if n := len(server.Messages(testChannel)); n != 1 || len(server.Calls()) != tc.calls {
				t.Errorf("%d messages after %d calls, want 1 after %d", n, len(server.Calls()), tc.calls)
			}
			if !strings.Contains(log.String(), tc.logged) {
				t.Errorf("the log does not say %q:\n%s", tc.logged, log.String())
			}
		})
	}
}

// TestOwnLimits: a form that breaks a limit is not sent, the next one is.
func TestOwnLimits(t *testing.T) {
	server, client := start(t, io.Discard)
	p := post()
	p.Forms[0].Message.Blocks = []blockkit.Block{blockkit.Header{Text: strings.Repeat("x", 151)}}
	if posted, err := client.Post(t.Context(), p); err != nil || posted.Form != "table" || len(server.Calls()) != 1 {
		t.Errorf("%+v, %v, %d calls", posted, err, len(server.Calls()))
	}
	for i := range p.Forms {
		p.Forms[i].Message = blockkit.Message{}
	}
	var invalid *blockkit.InvalidError
	if _, err := client.Post(t.Context(), p); !errors.As(err, &invalid) || len(server.Calls()) != 1 {
		t.Errorf("%v, %d calls", err, len(server.Calls()))
	}
}

// TestRefusals say what to do, and are not sent again.
func TestRefusals(t *testing.T) {
	for code, says := range map[string]string{
		"channel_not_found":   "check SLACK_CHANNEL_ID",
		"not_in_channel":      "/invite",
		"is_archived":         "archived",
		"invalid_auth":        "check SLACK_BOT_TOKEN",
		"not_authed":          "check SLACK_BOT_TOKEN",
		"token_revoked":       "install the app again",
		"token_expired":       "install the app again",
		"missing_scope":       "chat:write",
		"restricted_action":   "administrator",
		"something_brand_new": "docs.slack.dev",
	} {
		t.Run(code, func(t *testing.T) {
			server, client := start(t, io.Discard)
			server.Script("chat.postMessage", slack.Refuse(code))
			_, err := client.Post(t.Context(), post())
			var wrong *Error
			if !errors.As(err, &wrong) || wrong.Kind != Refused || wrong.Code != code || !strings.Contains(err.Error(), says) || !strings.Contains(err.Error(), testChannel) {
				t.Errorf("%v", err)
			}
			if len(server.Calls()) != 1 || len(server.Messages(testChannel)) != 0 {
				t.Errorf("%d calls, %d messages", len(server.Calls()), len(server.Messages(testChannel)))
			}
		})
	}
}

// TestUnknownOutcome: what may have been accepted is never sent again.
func TestUnknownOutcome(t *testing.T) {
	for _, tc := range []struct {
		name     string
		reply    slack.Reply
		messages int
	}{
		{"500 before", slack.Status(500), 0},
		{"503 before", slack.Status(503), 0},
		{"404", slack.Status(404), 0},
		{"500 after acceptance", slack.StatusAfter(500), 1},
		{"reset before", slack.ResetBefore(), 0},
		{"reset after acceptance", slack.ResetAfter(), 1},
		{"answer cut short", slack.TruncatedAnswer(), 1},
		{"no answer", slack.Hang(), 0},
		{"accepted, no answer", slack.HangAfter(), 1},
		{"Slack failed inside", slack.Refuse("internal_error"), 0},
		{"Slack failed badly", slack.Refuse("fatal_error"), 0},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			server, client := start(t, io.Discard)
			server.Script("chat.postMessage", tc.reply)
			ctx, cancel := context.WithTimeout(t.Context(), 500*time.Millisecond)
			defer cancel()
			_, err := client.Post(ctx, post())
			var wrong *Error
			if !errors.As(err, &wrong) || wrong.Kind != Unknown || !strings.Contains(err.Error(), "the outcome is unknown") {
				t.Errorf("%v", err)
			}
			if calls, messages := len(server.Calls()), len(server.Messages(testChannel)); calls != 1 || messages != tc.messages {
				t.Errorf("%d calls, %d messages, want 1 and %d", calls, messages, tc.messages)
			}
		})
	}
}

// TestNotReached: where no connection came about, nothing was posted.
func TestNotReached(t *testing.T) {
	server, client := start(t, io.Discard)
	server.Close()
	_, err := client.Post(t.Context(), post())
	var wrong *Error
	if !errors.As(err, &wrong) || wrong.Kind != Refused || !strings.Contains(err.Error(), "nothing was posted") {
		t.Error(err)
	}
}

// TestCheck: what is missing is said before anything is done.
func TestCheck(t *testing.T) {
	server, _ := start(t, io.Discard)
	without := New("", server.URL(), nil, slog.New(slog.DiscardHandler))
	if err := without.Check(testChannel); err == nil || !strings.Contains(err.Error(), "SLACK_BOT_TOKEN") {
		t.Error(err)
	}
	if _, err := without.Post(t.Context(), post()); err == nil || len(server.Calls()) != 0 {
		t.Errorf("%v, %d calls", err, len(server.Calls()))
	}
	with := New(testToken, server.URL(), nil, slog.New(slog.DiscardHandler))
	if err := with.Check(""); err == nil || !strings.Contains(err.Error(), "SLACK_CHANNEL_ID") {
		t.Error(err)
	}
	if err := with.Check(testChannel); err != nil {
		t.Error(err)
	}
}

// roundTripper is a transport made of a function, for tests without a network.
type roundTripper func(*http.Request) (*http.Response, error)

func (f roundTripper) RoundTrip(r *http.Request) (*http.Response, error) { return f(r) }

// TestRateLimits runs on a clock of its own.
func TestRateLimits(t *testing.T) {
	for _, tc := range []struct {
		name    string
		headers []string // Retry-After of each 429, "-" for none; then the message is accepted
		waits   time.Duration
		fails   bool
	}{
		{"one second", []string{"1"}, time.Second, false},
		{"thirty seconds", []string{"30"}, 30 * time.Second, false},
		{"twice", []string{"2", "3"}, 5 * time.Second, false},
		{"no Retry-After", []string{"-"}, time.Second, false},
		{"nonsense", []string{"soon"}, time.Second, false},
		{"negative", []string{"-5"}, time.Second, false},
		{"longer than the deadline", []string{"61"}, 0, true},
		{"longer than a duration", []string{"9223372037"}, 0, true},
		{"for ever", []string{"20", "20", "20", "20", "20"}, 40 * time.Second, true},
	} {
		t.Run(tc.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				begun, calls := time.Now(), 0
				client := New(testToken, "https://slack.example/api/", roundTripper(func(r *http.Request) (*http.Response, error) {
					calls++
					if calls > len(tc.headers) {
						return answer(200, `{"ok":true,"channel":"C0123456789","ts":"1.000100"}`), nil
					}
					response := answer(429, `{"ok":false,"error":"ratelimited"}`)
					if h := tc.headers[calls-1]; h != "-" {
						response.Header.Set("Retry-After", h)
					}
					return response, nil
				}), slog.New(slog.DiscardHandler))
				ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
				defer cancel()
				posted, err := client.Post(ctx, post())
				if took := time.Since(begun); took != tc.waits {
					t.Errorf("waited %s, want %s", took, tc.waits)
				}
				var wrong *Error
				if tc.fails != (errors.As(err, &wrong) && wrong.Kind == RateLimited) || !tc.fails && posted.TS != "1.000100" {
					t.Errorf("%+v, %v", posted, err)
				}
			})
		})
	}
}

// TestStrangeAnswers: an answer that does not say where the message is leaves
// the outcome unknown.
func TestStrangeAnswers(t *testing.T) {
	for _, body := range []string{`{}`, `{"ok":true}`, `{"ok":false}`, `null`, `[]`, `<html>`, ``, `{"ok":true,"ts":5}`} {
		client := New(testToken, "https://slack.example/api/", roundTripper(func(*http.Request) (*http.Response, error) {
			return answer(200, body), nil
		}), slog.New(slog.DiscardHandler))
		_, err := client.Post(t.Context(), post())
		var wrong *Error
		if !errors.As(err, &wrong) || wrong.Kind != Unknown {
			t.Errorf("%q: %v", body, err)
		}
	}
}

// TestNoSecret: whatever comes back, neither the token nor the message is in
// an error or in the log.
func TestNoSecret(t *testing.T) {
	for _, reply := range []struct {
		status int
		body   string
	}{
		{500, "token=" + testToken}, {200, testToken}, {302, ""}, {429, testToken}, {200, `{"ok":false,"error":"invalid_auth"}`},
	} {
		var log strings.Builder
		client := New(testToken, "https://slack.example/api/", roundTripper(func(*http.Request) (*http.Response, error) {
			return answer(reply.status, reply.body), nil
		}), slog.New(slog.NewJSONHandler(&log, nil)))
		ctx, cancel := context.WithTimeout(t.Context(), 100*time.Millisecond)
		_, err := client.Post(ctx, post())
		cancel()
		all := fmt.Sprintf("%v %+v %s", err, err, log.String())
		if err == nil || strings.Contains(all, testToken) || strings.Contains(all, "12.5 minutes") {
			t.Errorf("%+v: %s", reply, all)
		}
	}
}

func answer(status int, body string) *http.Response {
	return &http.Response{StatusCode: status, Header: http.Header{}, Body: io.NopCloser(strings.NewReader(body))}
}
