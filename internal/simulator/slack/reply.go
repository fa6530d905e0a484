package slack

import (
	"net"
	"net/http"
	"strconv"
	"strings"
	"time"
)

// Reply is how one scripted call goes. Before the message is accepted:
// Refuse, RateLimit, Status, Hang, ResetBefore. After it, so that only the
// answer is lost: StatusAfter, HangAfter, ResetAfter, TruncatedAnswer. On time
// but late: Delay. "Accepted" holds for a call that Slack would accept; one
// that it would refuse is refused all the same, behind the same fault.
type Reply struct {
	kind       replyKind
	status     int
	code       string
	messages   []string
	retryAfter string
	delay      time.Duration
}

type replyKind int

const (
	replyNormal replyKind = iota
	replyRefuse
	replyRateLimit
	replyStatus
	replyHang
	replyResetBefore
	replyStatusAfter
	replyHangAfter
	replyResetAfter
	replyTruncated
)

// Normal is a reply without any fault, to let a call through between others.
func Normal() Reply { return Reply{} }

// Refuse answers 200 with ok:false and this error code, such as
// "invalid_blocks". The messages become response_metadata.messages; Slack's
// begin with "[ERROR] " and end with a JSON pointer.
func Refuse(code string, messages ...string) Reply {
	return Reply{kind: replyRefuse, code: code, messages: messages}
}

// RateLimit answers 429 and accepts nothing. The header Retry-After, in
// seconds, is left out when retryAfter is "".
func RateLimit(retryAfter string) Reply {
	return Reply{kind: replyRateLimit, retryAfter: retryAfter}
}

// Status answers this HTTP status with a page of HTML and accepts nothing.
func Status(code int) Reply { return Reply{kind: replyStatus, status: code} }

// StatusAfter accepts the message, then answers as Status does.
func StatusAfter(code int) Reply { return Reply{kind: replyStatusAfter, status: code} }

// Hang accepts nothing and never answers: the call ends when the client gives
// up or the Server closes.
func Hang() Reply { return Reply{kind: replyHang} }

// HangAfter accepts the message, then never answers.
func HangAfter() Reply { return Reply{kind: replyHangAfter} }

// ResetBefore resets the connection and accepts nothing.
func ResetBefore() Reply { return Reply{kind: replyResetBefore} }

// ResetAfter accepts the message, then resets the connection: the answer is
// lost.
func ResetAfter() Reply { return Reply{kind: replyResetAfter} }

// TruncatedAnswer accepts the message, then sends the first half of the answer
// and closes the connection.
func TruncatedAnswer() Reply { return Reply{kind: replyTruncated} }

// Delay accepts the message at once and answers after d.
func Delay(d time.Duration) Reply { return Reply{delay: d} }

// answer is what a method makes of a call.
type answer struct {
	status     int
	retryAfter string
	body       map[string]any
}

// done is an answer with ok:true.
func done(body map[string]any) answer {
	body["ok"] = true
	return answer{status: http.StatusOK, body: body}
}

// refuse is an answer with ok:false, which is HTTP 200 as well (docs.slack.dev,
// Web API). "errors" repeats the messages without their level, as Slack does
// for invalid_blocks.
func refuse(code string, messages ...string) answer {
	body := map[string]any{"ok": false, "error": code}
	if len(messages) > 0 {
		bare := make([]string, len(messages))
		for i, m := range messages {
			bare[i] = strings.TrimPrefix(m, errorLevel)
		}
		body["errors"] = bare
		body["response_metadata"] = map[string]any{"messages": messages}
	}
	return answer{status: http.StatusOK, body: body}
}

const errorLevel = "[ERROR] "

func rateLimited(retryAfter string) answer {
	a := refuse("ratelimited")
	a.status, a.retryAfter = http.StatusTooManyRequests, retryAfter
	return a
}

func (a answer) code() string {
	code, _ := a.body["error"].(string)
	return code
}

// reset closes the client's connection in a way that it sees as a reset.
func reset(w http.ResponseWriter) {
	conn, _, err := http.NewResponseController(w).Hijack()
	if err != nil {
		panic(http.ErrAbortHandler) // cuts the connection too, if less rudely
	}
	if tcp, ok := conn.(*net.TCPConn); ok {
		_ = tcp.SetLinger(0)
	}
	_ = conn.Close()
}

// page answers as Slack does when something in front of it fails: HTML.
func page(w http.ResponseWriter, status int) {
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	w.WriteHeader(status)
	_, _ = w.Write([]byte("<!DOCTYPE html><html><body><h1>" + strconv.Itoa(status) + " " +
		http.StatusText(status) + "</h1></body></html>\n"))
}
