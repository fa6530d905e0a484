// Package delivery brings one message into one Slack channel. Posting has no
// idempotency key: only an explicit refusal or a 429 says that nothing was
// posted, and everything else that is not a success leaves the outcome
// unknown and is never sent again from here.
//
// delivery.go is the way of a message down the ladder of its forms, slack.go
// speaks to Slack, errors.go says what a refusal means and what to do.
package delivery

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/http"

	"realtimekit-digest/internal/blockkit"
)

// EventType marks a report's message in its metadata, so that it can be found
// again in the channel's history.
const EventType = "sessions_digest_posted"

// Post is a message on its way.
type Post struct {
	Channel string
	// Forms are the same report in several forms, the best first. A form that
	// the workspace refuses is followed by the next.
	Forms []Form
	// Key, App and Window are the message's metadata: the report's key, whose
	// usage it reports and of when.
	Key, App, Window string
}

// Form is one form of a message.
type Form struct {
	Name    string
	Message blockkit.Message
}

// Posted is where a message is.
type Posted struct {
	Channel, TS string
	Form        string // the name of the form that was accepted
}

// Slack posts messages with one bot token.
type Slack struct {
	token  string
	client client
	log    *slog.Logger
}

// New makes a Slack for a bot token and the base address of Slack's API,
// which ends in "/". Transport is the way to the network, nil for the usual.
func New(token, baseURL string, transport http.RoundTripper, log *slog.Logger) *Slack {
	return &Slack{token: token, client: newClient(token, baseURL, transport), log: log}
}

// Check says what is missing before anything can be posted to a channel, so
// that a report is not read in vain.
func (s *Slack) Check(channel string) error {
	switch {
	case s.token == "":
		return errors.New("posting to Slack needs a bot token: set SLACK_BOT_TOKEN, or use \"dryRun\": true")
	case channel == "":
		return errors.New("there is no channel to post to: set SLACK_CHANNEL_ID or the event's \"channelId\"")
	}
	return nil
}

// Post sends the first form that Slack accepts. A 429 is waited for and the
// same form sent again while the context's time allows it; a refusal of the
// blocks leads to the next form; anything else is an *Error.
func (s *Slack) Post(ctx context.Context, p Post) (Posted, error) {
	if err := s.Check(p.Channel); err != nil {
		return Posted{}, err
	}
	log := s.log.With("report", p.Key)
	var refused error
	for _, form := range p.Forms {
		if err := blockkit.Validate(form.Message); err != nil {
			log.ErrorContext(ctx, "a form of the message breaks Slack's limits and was not sent", "form", form.Name, "error", err)
			refused = err
			continue
		}
		posted, err := s.client.post(ctx, p, form)
		var wrong *Error
		if errors.As(err, &wrong) && wrong.blocks() {
			log.WarnContext(ctx, "Slack refused a form of the message", "form", form.Name, "code", wrong.Code, "reasons", wrong.Reasons)
			refused = err
			continue
		}
		return posted, err
	}
	return Posted{}, fmt.Errorf("no form of the message was accepted: %w", refused)
}
