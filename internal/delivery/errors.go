package delivery

import (
	"fmt"
	"slices"
	"strings"
	"time"
	"unicode"
)

// Kind says what is known about a message that was not posted for sure.
type Kind int

// The kinds of Error.
const (
	// Refused: nothing was posted, and the same message will be refused again
	// until somebody acts.
	Refused Kind = iota
	// RateLimited: nothing was posted, and Slack asks to wait longer than the
	// time that is left.
	RateLimited
	// Unknown: the message may or may not be in the channel.
	Unknown
)

// Error is a message that was not posted for sure. Its text says what to do,
// and never holds the token or the message.
type Error struct {
	Kind       Kind
	Channel    string
	Code       string        // Slack's own word, such as "not_in_channel"
	Reasons    []string      // Slack's reasons with the place in the message, cleaned and short
	RetryAfter time.Duration // with RateLimited
	Err        error         // what lies behind it, if anything
	text       string
}

func (e *Error) Error() string { return e.text }
func (e *Error) Unwrap() error { return e.Err }

// blocks reports whether the blocks were the reason, so that a plainer form
// of the message may be accepted.
func (e *Error) blocks() bool {
	return e.Kind == Refused && slices.Contains([]string{"invalid_blocks", "invalid_blocks_format", "msg_blocks_too_long"}, e.Code)
}

// refusal is an answer with ok:false.
func refusal(channel, code, needed string, reasons []string) *Error {
	code = printable(code, 80)
	e := &Error{Kind: Refused, Channel: channel, Code: code}
	for _, reason := range reasons {
		e.Reasons = append(e.Reasons, printable(reason, 300))
	}
	if code == "fatal_error" || code == "internal_error" {
		// Slack documents that parts of the call may have succeeded.
		return unknown(channel, fmt.Errorf("Slack answered %s", code))
	}
	e.text = fmt.Sprintf("Slack refused the message for channel %s (%s): %s", channel, code, advice(channel, code, printable(needed, 80)))
	if e.blocks() && len(e.Reasons) > 0 {
		e.text += ": " + strings.Join(e.Reasons, "; ")
	}
	return e
}

// advice is what to do about one of Slack's words (docs.slack.dev,
// chat.postMessage, "Errors").
func advice(channel, code, needed string) string {
	switch code {
	case "channel_not_found":
		return "no such channel, or a private one without the app: check SLACK_CHANNEL_ID, and type /invite @ and the app's name in the channel"
	case "not_in_channel":
		return "the app is not in the channel: type /invite @ and the app's name there"
	case "is_archived":
		return "the channel is archived: choose another one as SLACK_CHANNEL_ID, or unarchive it"
	case "invalid_auth", "not_authed":
		return "the token is wrong: check SLACK_BOT_TOKEN (the bot token, xoxb-…)"
	case "token_revoked", "token_expired", "account_inactive":
		return "the token is no longer valid: install the app again and set the new SLACK_BOT_TOKEN"
	case "missing_scope":
		if needed != "" {
			return "the app may not do this: add the scope " + needed + " and install the app again"
		}
		return "the app may not do this: add the scope chat:write and install the app again"
	case "restricted_action":
		return "a setting of the workspace forbids the app to post there: ask an administrator, or choose another channel"
	case "invalid_blocks", "invalid_blocks_format", "msg_blocks_too_long":
		return "the workspace does not accept the blocks"
	case "ratelimited", "rate_limited":
		return "too many messages: nothing needs to be changed, send the report again later"
	}
	return "see docs.slack.dev, chat.postMessage, for what it means"
}

func rateLimited(channel string, after time.Duration) *Error {
	return &Error{Kind: RateLimited, Channel: channel, RetryAfter: after, text: fmt.Sprintf(
		"Slack asks to wait %s before the next message to channel %s, and that time is not left: nothing was posted, send the report again later", after, channel)}
}

func unknown(channel string, err error) *Error {
	return &Error{Kind: Unknown, Channel: channel, Err: err, text: fmt.Sprintf(
		"the outcome is unknown: the message for channel %s was sent, but Slack's answer did not come or cannot be read (%s): look into the channel before sending it again", channel, printable(err.Error(), 200))}
}

// printable makes other people's text safe for an error: one line, at most
// limit characters, nothing but what can be printed.
func printable(s string, limit int) string {
	s = strings.Map(func(r rune) rune {
		if !unicode.IsPrint(r) {
			return ' '
		}
		return r
	}, s)
	if runes := []rune(s); len(runes) > limit {
		s = string(runes[:limit]) + "…"
	}
	return strings.TrimSpace(s)
}
