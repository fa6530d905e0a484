package sessions

import (
	"context"
	"crypto/tls"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"strings"
	"syscall"
	"time"
	"unicode"
)

// Kind says who has to act on an Error.
type Kind int

// The kinds of Error.
const (
	// Unavailable: RealtimeKit could not be reached or kept failing until the
	// time was over. Trying again later may help.
	Unavailable Kind = iota
	// Refused: the token is wrong or lacks a permission (400 with code 6003,
	// 401, 403).
	Refused
	// Unknown: there is no such account or app (404).
	Unknown
	// Rejected: RealtimeKit did not accept the request itself (422 and the
	// other 4xx).
	Rejected
	// Malformed: what came is not an answer of the sessions API.
	Malformed
)

// Error is a read that failed. Its text says what failed and what to do about
// it, and never holds the token, an address with it or a body.
type Error struct {
	Kind    Kind
	Status  int    // the HTTP status, 0 when there was no answer
	Code    int    // the API's own code, 0 when there was none
	Message string // the API's own words, cleaned and short
	Err     error  // what lies behind it, if anything
	text    string
	cause   string // with Unavailable: what happened, for a report that stopped there
}

func (e *Error) Error() string { return e.text }
func (e *Error) Unwrap() error { return e.Err }

// transient is a failure that may pass: the same request can be sent again,
// after the given time when the server named one.
type transient struct {
	err     error
	after   time.Duration
	limited bool // a 429: everybody has to wait
	seldom  bool // it seldom passes: a few tries are enough
}

func (e *transient) Error() string { return e.err.Error() }
func (e *transient) Unwrap() error { return e.err }

// cause is what happened, for a person.
func (e *transient) cause() string {
	var way *broken
	if errors.As(e.err, &way) {
		return way.brief
	}
	return e.detail()
}

// detail is what happened, for the log.
func (e *transient) detail() string {
	if e.after > 0 {
		return fmt.Sprintf("%s, it asks to wait %s", e.err, e.after)
	}
	return e.err.Error()
}

// statusError turns an answer with a status other than 200 into an error:
// transient where RealtimeKit or what stands before it may recover (408, 409,
// 429, 5xx), otherwise one that names the fix.
func (c *Client) statusError(status int, header http.Header, body []byte) error {
	code, message := apiMessage([]byte(c.redact(string(body))))
	e := &Error{Status: status, Code: code, Message: message}
	came := fmt.Sprintf("%d", status)
	if code != 0 && code != status {
		came += fmt.Sprintf(", code %d", code)
	}
	if message != "" {
		came += ": " + message
	}
	switch {
	case status == http.StatusRequestTimeout, status == http.StatusConflict, status == http.StatusTooManyRequests, status >= 500:
		e.text = fmt.Sprintf("RealtimeKit answered with an error (%s)", came)
		return &transient{err: e, after: retryAfter(header), limited: status == http.StatusTooManyRequests}
	case status == http.StatusBadRequest && code == 6003:
		e.Kind = Refused
		e.text = fmt.Sprintf("Cloudflare cannot read the token (%s): CLOUDFLARE_API_TOKEN must be the token alone, without quotes, spaces or \"Bearer\"", came)
	case status == http.StatusUnauthorized, status == http.StatusForbidden:
		e.Kind = Refused
		e.text = fmt.Sprintf("Cloudflare refused the token (%s): it needs the Realtime permission for account %s", came, c.config.AccountID)
	case status == http.StatusNotFound:
		e.Kind = Unknown
		e.text = fmt.Sprintf("Cloudflare does not know the account or the app (%s): check CLOUDFLARE_ACCOUNT_ID (%s) and REALTIMEKIT_APP_ID or the event's appId", came, c.config.AccountID)
	case status >= 400:
		e.Kind = Rejected
		e.text = fmt.Sprintf("RealtimeKit did not accept the request (%s): the API may have changed, look for a newer version of this program", came)
	default:
		e.Kind = Malformed
		e.text = fmt.Sprintf("RealtimeKit answered %d instead of 200: check CLOUDFLARE_BASE_URL", status)
	}
	return e
}

// apiMessage finds the code and the words in the body of an error.
func apiMessage(body []byte) (code int, message string) {
	var envelope struct {
		Errors json.RawMessage `json:"errors"`
		Error  json.RawMessage `json:"error"`
	}
	// An error page can be anything; then it has no message.
	_ = json.Unmarshal(body, &envelope)
	return problemOf(envelope.Errors, envelope.Error)
}

// problemOf reads what stands in either of the two envelopes that a failure
// comes in: the gateway's "errors":[{"code","message"}] and the service's
// "error":{"code","message"}.
func problemOf(gateway, service []byte) (code int, message string) {
	type problem struct {
		Code    int    `json:"code"`
		Message string `json:"message"`
	}
	var one problem
	var many []problem
	_ = json.Unmarshal(gateway, &many)
	if len(many) > 0 {
		one = many[0]
	} else {
		_ = json.Unmarshal(service, &one)
	}
	return one.Code, printable(one.Message, 200)
}

// redact takes the token out of other people's words.
func (c *Client) redact(s string) string { return redact(s, c.config.Token) }

func redact(s, secret string) string {
	if secret == "" {
		return s
	}
	return strings.ReplaceAll(s, secret, "[token]")
}

// printable makes other people's text safe for an error: one line, at most
// limit characters, nothing but what can be printed.
func printable(s string, limit int) string {
	var b strings.Builder
	for _, r := range s {
		if limit--; limit < 0 {
			b.WriteString("…")
			break
		}
		if !unicode.IsPrint(r) {
			r = ' '
		}
		b.WriteRune(r)
	}
	return strings.TrimSpace(b.String())
}

// malformedError is an answer with status 200 that has no sessions.
func (c *Client) malformedError(wrong *malformed, contentType string) *Error {
	e := &Error{Kind: Malformed, Status: http.StatusOK}
	if what := wrong.what; wrong.refused {
		e.text = fmt.Sprintf("RealtimeKit answered 200, but %s: send the report again later; nothing is reported rather than something wrong", what)
	} else {
		e.text = fmt.Sprintf("RealtimeKit answered 200, but not with sessions: %s (content type %q): check CLOUDFLARE_BASE_URL; nothing is reported rather than something wrong",
			what, printable(c.redact(contentType), 40))
	}
	return e
}

// noQuota is a request for which there is no time left within the quota.
func (c *Client) noQuota(err error) *Error {
	cause := fmt.Sprintf("the quota of %d requests per five minutes is used up", c.config.RequestsPer5Minutes)
	if told := c.pace.why(); told != "" {
		cause = told
	}
	return &Error{Kind: Unavailable, Err: err, cause: cause, text: fmt.Sprintf(
		"there is no time left to read on: %s: send the report again in five minutes, or lower the account's other use (REALTIMEKIT_REQUESTS_PER_5_MINUTES bounds this program's)", cause)}
}

// broken is a request without an answer that can be read.
type broken struct {
	brief string // for a person
	err   error  // for the log
}

func (e *broken) Error() string { return e.brief + " (" + e.err.Error() + ")" }
func (e *broken) Unwrap() error { return e.err }

// transportError is a failure on the way. All of them may pass; a wrong
// certificate or address shows in the text when the time is over.
func transportError(err error) error {
	// The address in an error of net/http says nothing more than the host.
	var address *url.Error
	if errors.As(err, &address) {
		err = address.Err
	}
	var (
		timeout net.Error
		name    *net.DNSError
		trust   *tls.CertificateVerificationError
		brief   = "the connection failed"
	)
	switch {
	case errors.Is(err, errTruncated), errors.Is(err, io.ErrUnexpectedEOF):
		brief = "the answer ends in the middle"
	case errors.Is(err, context.DeadlineExceeded), errors.As(err, &timeout) && timeout.Timeout():
		brief = "no answer in time"
	case errors.Is(err, syscall.ECONNREFUSED):
		brief = "the connection was refused"
	case errors.Is(err, syscall.ECONNRESET), errors.Is(err, io.EOF):
		brief = "the connection was cut"
	case errors.As(err, &name):
		brief = "the host's name is not known"
	case errors.As(err, &trust):
		brief = "the certificate cannot be trusted"
	}
	return &transient{err: &broken{brief, err}}
}
