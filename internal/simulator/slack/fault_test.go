package slack_test

import (
	"context"
	"errors"
	"io"
	"net/http"
	"strings"
	"syscall"
	"testing"
	"time"

	slackgo "github.com/slack-go/slack"

	"realtimekit-digest/internal/simulator/slack"
)

// Each fault: what the client sees, whether the message stands in the channel
// all the same, and what is on record.
func TestFaults(t *testing.T) {
	t.Parallel()
	isReset := func(err error) bool { return errors.Is(err, syscall.ECONNRESET) }
	isTimeout := func(err error) bool { return errors.Is(err, context.DeadlineExceeded) }
	isCut := func(err error) bool { return errors.Is(err, io.ErrUnexpectedEOF) }
	isStatus := func(code int) func(error) bool {
		return func(err error) bool {
			var status slackgo.StatusCodeError
			return errors.As(err, &status) && status.Code == code
		}
	}
	isCode := func(code string) func(error) bool {
		return func(err error) bool { return err != nil && err.Error() == code }
	}
	isNil := func(err error) bool { return err == nil }
	cases := []struct {
		name     string
		reply    slack.Reply
		patience time.Duration
		want     func(error) bool
		accepted int
		status   int
		code     string
	}{
		{"normal", slack.Normal(), time.Minute, isNil, 1, 200, ""},
		{"refuse", slack.Refuse("invalid_blocks", "[ERROR] no"), time.Minute, isCode("invalid_blocks"), 0, 200, "invalid_blocks"},
		{"rate limit", slack.RateLimit("1"), time.Minute, isCode("slack rate limit exceeded, retry after 1s"), 0, 429, "ratelimited"},
		{"status", slack.Status(500), time.Minute, isStatus(500), 0, 500, ""},
		{"status after", slack.StatusAfter(500), time.Minute, isStatus(500), 1, 500, ""},
		{"hang", slack.Hang(), 50 * time.Millisecond, isTimeout, 0, 0, ""},
		{"hang after", slack.HangAfter(), 50 * time.Millisecond, isTimeout, 1, 0, ""},
		{"reset before", slack.ResetBefore(), time.Minute, isReset, 0, 0, ""},
		{"reset after", slack.ResetAfter(), time.Minute, isReset, 1, 0, ""},
		{"truncated", slack.TruncatedAnswer(), time.Minute, isCut, 1, 200, ""},
		{"delay", slack.Delay(30 * time.Millisecond), time.Minute, isNil, 1, 200, ""},
		{"delay beyond patience", slack.Delay(time.Hour), 50 * time.Millisecond, isTimeout, 1, 0, ""},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			s := start(t)
			s.Script("chat.postMessage", c.reply)
			ctx, cancel := context.WithTimeout(t.Context(), c.patience)
			defer cancel()
			if err := post(ctx, s); !c.want(err) {
				t.Errorf("got error %v of type %T", err, err)
			}
			if n := len(s.Messages(channel)); n != c.accepted {
				t.Errorf("got %d messages, want %d", n, c.accepted)
			}
			want := slack.Call{Method: "chat.postMessage", Channel: channel, Status: c.status, Error: c.code}
			if got := s.Calls(); len(got) != 1 || got[0] != want {
				t.Errorf("got calls %+v, want only %+v", got, want)
			}
			if err := post(t.Context(), s); err != nil {
				t.Errorf("the next call: got error %v, want normal behaviour again", err)
			}
		})
	}
}

func TestScriptTakesTurns(t *testing.T) {
	t.Parallel()
	s := start(t)
	s.Script("chat.postMessage", slack.Refuse("first"), slack.Normal())
	s.Script("chat.postMessage", slack.Refuse("third"))
	s.Script("chat.update", slack.Refuse("other"))
	for i, want := range []string{"first", "", "third", ""} {
		if got := form(t, s, "chat.postMessage", "channel", channel, "text", "a").Error; got != want {
			t.Errorf("call %d: got error %q, want %q", i, got, want)
		}
	}
	if n := len(s.Messages(channel)); n != 2 {
		t.Errorf("got %d messages, want 2", n)
	}
}

// A message that Slack refuses is not accepted behind a fault either.
func TestFaultAcceptsNothingInvalid(t *testing.T) {
	t.Parallel()
	s := start(t)
	s.Script("chat.postMessage", slack.StatusAfter(500))
	_, _, err := client(s).PostMessageContext(t.Context(), "#general", slackgo.MsgOptionText("a", false))
	if err == nil || len(s.Messages("#general")) != 0 {
		t.Errorf("got error %v and messages %v", err, s.Messages("#general"))
	}
}

func TestCloseEndsHangingCalls(t *testing.T) {
	t.Parallel()
	s := start(t)
	s.Script("chat.postMessage", slack.Hang())
	ended := make(chan error, 1)
	go func() { ended <- post(context.Background(), s) }()
	for len(s.Calls()) == 0 {
		time.Sleep(time.Millisecond)
	}
	s.Close()
	s.Close()
	select {
	case err := <-ended:
		if err == nil {
			t.Error("got no error, want one from the closed server")
		}
	case <-time.After(5 * time.Second):
		t.Error("the call still hangs")
	}
}

// Half of an answer is announced as the whole of it.
func TestTruncatedAnswerIsHalf(t *testing.T) {
	t.Parallel()
	s := start(t)
	s.Script("auth.test", slack.TruncatedAnswer())
	response, err := http.Post(s.URL()+"auth.test", "application/x-www-form-urlencoded", strings.NewReader("token="+token))
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	body, err := io.ReadAll(response.Body)
	if !errors.Is(err, io.ErrUnexpectedEOF) || int64(len(body)) != response.ContentLength/2 || len(body) == 0 {
		t.Errorf("got %d of %d bytes and error %v", len(body), response.ContentLength, err)
	}
}

// The server is on the loopback only: nobody else on the network reaches it.
func TestURL(t *testing.T) {
	t.Parallel()
	s := start(t)
	if url := s.URL(); !strings.HasPrefix(url, "http://127.0.0.1:") || !strings.HasSuffix(url, "/api/") {
		t.Errorf("got %q", url)
	}
}
