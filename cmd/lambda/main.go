// Command lambda is the function that AWS Lambda runs, built as "bootstrap".
// It reads the environment, wires the packages of its role together and
// decodes events; nothing else happens here.
package main

import (
	"context"
	"fmt"
	"log/slog"
	"os"
	"time"

	"github.com/aws/aws-lambda-go/lambda"

	"realtimekit-digest/internal/config"
	"realtimekit-digest/internal/delivery"
	"realtimekit-digest/internal/digest"
	"realtimekit-digest/internal/report"
	"realtimekit-digest/internal/sessions"
)

// reserve is the part of an invocation's time that reading leaves for posting.
const reserve = 30 * time.Second

func main() {
	log := newLogger(os.Stdout, os.Getenv("AWS_LAMBDA_LOG_LEVEL"))
	// The Lambda library logs what it returns through the standard logger.
	slog.SetDefault(log)
	handler, err := newHandler(log)
	if err != nil {
		log.Error("the function cannot start", "error", err.Error())
		os.Exit(1)
	}
	lambda.Start(handler)
}

// newHandler builds the handler of the role that the environment selects.
func newHandler(log *slog.Logger) (*handler, error) {
	c, err := config.Load()
	if err != nil {
		return nil, err
	}
	reader, err := sessions.New(sessions.Config{
		BaseURL:             string(c.CloudflareURL),
		Token:               c.CloudflareToken.Reveal(),
		AccountID:           string(c.AccountID),
		PageSize:            int(c.PageSize),
		RequestsPer5Minutes: int(c.Quota),
		Lookback:            time.Duration(c.Lookback),
		Reserve:             reserve,
	}, log)
	if err != nil {
		return nil, fmt.Errorf("preparing to read sessions: %w", err)
	}
	slack := delivery.New(c.SlackToken.Reveal(), string(c.SlackURL), nil, log)
	prices := report.Prices{AudioVideo: float64(c.PriceAudioVideo), AudioOnly: float64(c.PriceAudioOnly)}
	return &handler{
		defaults: defaults{appID: string(c.AppID), channelID: string(c.ChannelID), zone: c.Zone.Location},
		clock:    time.Now,
		log:      log,
		run:      digest.New(reader, slack, prices, int(c.Top), time.Now, log).Run,
	}, nil
}

// handler answers the events of the digest role.
type handler struct {
	defaults defaults
	clock    func() time.Time
	log      *slog.Logger
	run      func(context.Context, digest.Request) (digest.Outcome, error)
}

// Invoke implements lambda.Handler: it answers an event with the outcome. An
// error is logged in full before the runtime gets it.
func (h *handler) Invoke(ctx context.Context, payload []byte) ([]byte, error) {
	answer, err := h.answer(ctx, payload)
	if err != nil {
		h.log.ErrorContext(ctx, "no report", "error", err.Error())
	}
	return answer, err
}
