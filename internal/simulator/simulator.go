// Package simulator puts the simulated services together: a RealtimeKit with
// a month of usage, a Slack and a Lambda Runtime API, all on 127.0.0.1, and
// the environment in which the real function finds them. Each of them is a
// package of its own below this one and can be used by itself.
package simulator

import (
	"errors"
	"time"

	"realtimekit-digest/internal/simulator/lambda"
	"realtimekit-digest/internal/simulator/realtimekit"
	"realtimekit-digest/internal/simulator/slack"
)

// What the simulated services are called and accept.
const (
	AccountID = "0123456789abcdef0123456789abcdef"
	AppID     = "2f6c1b9e-5d0a-4c3b-9e1f-7a8b9c0d1e2f"
	Token     = "simulated-cloudflare-token"
	BotToken  = "xoxb-simulated-bot-token"
	ChannelID = "C0123456789"
)

// World is a running set of simulated services.
type World struct {
	RealtimeKit *realtimekit.Server
	Slack       *slack.Server
	Lambda      *lambda.Runtime
}

// Start starts the services. Usage is what RealtimeKit has, under the given
// reading of its API.
func Start(usage []realtimekit.Session, reading realtimekit.Reading) (*World, error) {
	var w World
	var errs [3]error
	w.RealtimeKit, errs[0] = realtimekit.Start(realtimekit.Config{
		AccountID: AccountID, AppID: AppID, Token: Token, Sessions: usage, Reading: reading,
	})
	w.Slack, errs[1] = slack.Start()
	w.Lambda, errs[2] = lambda.Start()
	if err := errors.Join(errs[:]...); err != nil {
		w.Close()
		return nil, err
	}
	w.Slack.SetToken(BotToken)
	return &w, nil
}

// Usage is a month of usage up to the given moment, always the same for it.
func Usage(until time.Time) []realtimekit.Session { return realtimekit.Generate(1, until, 30) }

// Env is the environment of a function that uses these services. A variable
// that is given replaces the one of that name.
func (w *World) Env(override ...string) []string {
	return append([]string{
		"CLOUDFLARE_API_TOKEN=" + Token,
		"CLOUDFLARE_ACCOUNT_ID=" + AccountID,
		"REALTIMEKIT_APP_ID=" + AppID,
		"CLOUDFLARE_BASE_URL=" + w.RealtimeKit.URL(),
		"SLACK_BOT_TOKEN=" + BotToken,
		"SLACK_CHANNEL_ID=" + ChannelID,
		"SLACK_API_URL=" + w.Slack.URL(),
		"REPORT_TIMEZONE=Europe/Berlin",
	}, override...)
}

// Close stops everything, functions that were started with Lambda too.
func (w *World) Close() {
	if w.Lambda != nil {
		w.Lambda.Close()
	}
	if w.RealtimeKit != nil {
		w.RealtimeKit.Close()
	}
	if w.Slack != nil {
		w.Slack.Close()
	}
}
