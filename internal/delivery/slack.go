package delivery

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"

	"github.com/sethvargo/go-retry"
	"github.com/slack-go/slack"

	"realtimekit-digest/internal/blockkit"
)

const (
	// tryTimeout bounds one call. Slack answers in about a second.
	tryTimeout = 15 * time.Second
	// defaultWait is waited after a 429 that names no time: Slack takes about
	// one message per second and channel.
	defaultWait = time.Second
	// longestRetryAfter bounds what a 429 can ask for, in seconds: more than
	// any function has, and few enough for a duration.
	longestRetryAfter = 3600
)

// client is the adapter to slack-go; no type of that library leaves it.
type client struct {
	api   *slack.Client
	token string
}

func newClient(token, baseURL string, transport http.RoundTripper) client {
	if transport == nil {
		transport = http.DefaultTransport
	}
	return client{token: token, api: slack.New(token, slack.OptionAPIURL(baseURL), slack.OptionHTTPClient(&http.Client{
		Transport: retryAfterInSeconds{transport},
		Timeout:   tryTimeout,
		// A redirect would be followed without the message, but with an answer.
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}))}
}

// post sends one form and waits through 429s. Nothing else is tried again.
func (c client) post(ctx context.Context, p Post, form Form) (Posted, error) {
	var (
		wait time.Duration
		last error
	)
	backoff := retry.BackoffFunc(func() (time.Duration, bool) {
		deadline, bounded := ctx.Deadline()
		return wait, bounded && wait >= time.Until(deadline)
	})
	posted, err := retry.DoValue(ctx, backoff, func(ctx context.Context) (Posted, error) {
		posted, err := c.try(ctx, p, form)
		var wrong *Error
		if errors.As(err, &wrong) && wrong.Kind == RateLimited {
			last, wait = err, wrong.RetryAfter
			return Posted{}, retry.RetryableError(err)
		}
		return posted, err
	})
	var wrong *Error
	switch {
	case err == nil || errors.As(err, &wrong):
		return posted, err
	case last != nil:
		return Posted{}, last
	}
	return Posted{}, &Error{Kind: Refused, Channel: p.Channel, Err: err, text: fmt.Sprintf("no time was left to post to channel %s, nothing was sent: %v", p.Channel, err)}
}

// try sends one form once.
func (c client) try(ctx context.Context, p Post, form Form) (Posted, error) {
	options := []slack.MsgOption{
		slack.MsgOptionText(form.Message.Text, false), // escaped where it was written
		slack.MsgOptionMetadata(slack.SlackMetadata{
			EventType:    EventType,
			EventPayload: map[string]any{"key": p.Key, "app": p.App, "window": p.Window},
		}),
		// Titles in the text are other people's words: Slack is to find no
		// formatting, names or links in them.
		slack.MsgOptionDisableMarkdown(),
		slack.MsgOptionParse(false),
		slack.MsgOptionDisableLinkUnfurl(),
		slack.MsgOptionDisableMediaUnfurl(),
	}
	if len(form.Message.Blocks) > 0 {
		blocks := make([]slack.Block, len(form.Message.Blocks))
		for i, b := range form.Message.Blocks {
			blocks[i] = block{b}
		}
		options = append(options, slack.MsgOptionBlocks(blocks...))
	}
	channel, ts, err := c.api.PostMessageContext(ctx, p.Channel, options...)
	if err != nil {
		return Posted{}, c.postError(p.Channel, err)
	}
	if ts == "" {
		return Posted{}, unknown(p.Channel, errors.New("the answer has no ts"))
	}
	if channel == "" {
		channel = p.Channel
	}
	return Posted{Channel: channel, TS: ts, Form: form.Name}, nil
}

// block is a block of ours as slack-go takes it.
type block struct{ blockkit.Block }

func (b block) BlockType() slack.MessageBlockType { return slack.MessageBlockType(b.Kind()) }
func (b block) ID() string                        { return b.BlockID() }

// postError turns what slack-go returns into an *Error.
func (c client) postError(channel string, err error) *Error {
	var (
		refused slack.SlackErrorResponse
		limited *slack.RateLimitedError
		status  slack.StatusCodeError
		dial    *net.OpError
		address *url.Error
	)
	switch {
	case errors.As(err, &refused):
		for i, reason := range refused.ResponseMetadata.Messages {
			refused.ResponseMetadata.Messages[i] = c.redact(reason)
		}
		return refusal(channel, c.redact(refused.Err), c.redact(refused.Needed), refused.ResponseMetadata.Messages)
	case errors.As(err, &limited):
		return rateLimited(channel, limited.RetryAfter)
	case errors.As(err, &status) && status.Code == http.StatusTooManyRequests:
		return rateLimited(channel, defaultWait)
	case errors.As(err, &status):
		return unknown(channel, fmt.Errorf("Slack answered %d", status.Code))
	case errors.As(err, &dial) && dial.Op == "dial":
		return &Error{Kind: Refused, Channel: channel, Err: dial, text: fmt.Sprintf(
			"Slack could not be reached, nothing was posted to channel %s: %v: check SLACK_API_URL and the network", channel, dial.Err)}
	case errors.As(err, &address):
		// The address in an error of net/http says nothing that is not known.
		return unknown(channel, address.Err)
	}
	var syntax *json.SyntaxError
	if errors.As(err, &syntax) {
		return unknown(channel, errors.New("the answer is not JSON"))
	}
	return unknown(channel, errors.New(c.redact(err.Error())))
}

// redact takes the token out of other people's words.
func (c client) redact(s string) string { return strings.ReplaceAll(s, c.token, "[token]") }

// retryAfterInSeconds takes a Retry-After away that slack-go cannot read: it
// would return the error of reading it, and the 429 would be lost.
type retryAfterInSeconds struct{ next http.RoundTripper }

func (t retryAfterInSeconds) RoundTrip(r *http.Request) (*http.Response, error) {
	response, err := t.next.RoundTrip(r)
	if err == nil && response.StatusCode == http.StatusTooManyRequests {
		switch n, bad := strconv.Atoi(response.Header.Get("Retry-After")); {
		case bad != nil || n < 1:
			response.Header.Del("Retry-After")
		case n > longestRetryAfter:
			response.Header.Set("Retry-After", strconv.Itoa(longestRetryAfter))
		}
	}
	return response, err
}
