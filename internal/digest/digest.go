// Package digest makes one report, from the request for it to its outcome:
// the period becomes a window, the window's sessions are read and added up as
// they arrive, the summary is rendered and the message posted. It decides
// nothing about how any of that is done.
package digest

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"time"

	"realtimekit-digest/internal/delivery"
	"realtimekit-digest/internal/period"
	"realtimekit-digest/internal/report"
	"realtimekit-digest/internal/sessions"
)

// Request asks for one report.
type Request struct {
	Period    period.Period
	Moment    time.Time // the moment from which the period is worked out
	Zone      *time.Location
	AppID     string
	ChannelID string // may be empty in a dry run
	DryRun    bool   // build the message, post nothing
}

// Reader reads the sessions of a window; see sessions.Client.
type Reader interface {
	Read(ctx context.Context, q sessions.Query, each func(sessions.Session)) (sessions.Coverage, error)
}

// Poster posts a message; see delivery.Slack.
type Poster interface {
	// Check says what is missing before anything can be posted.
	Check(channel string) error
	Post(ctx context.Context, p delivery.Post) (delivery.Posted, error)
}

// Digest makes reports.
type Digest struct {
	reader Reader
	poster Poster
	prices report.Prices
	top    int
	clock  func() time.Time
	log    *slog.Logger
}

// New makes a Digest. Top is the number of meetings on a table's first page;
// clock measures how long a step takes, for the log and for nothing else.
func New(reader Reader, poster Poster, prices report.Prices, top int, clock func() time.Time, log *slog.Logger) *Digest {
	return &Digest{reader, poster, prices, top, clock, log}
}

// Run makes one report. The error says which report failed and why; nothing
// was posted then, or nobody knows (a delivery.Error of kind Unknown).
func (d *Digest) Run(ctx context.Context, r Request) (Outcome, error) {
	window, err := r.Period.Window(r.Moment, r.Zone)
	if err != nil {
		return Outcome{}, fmt.Errorf("no report, nothing was posted: %w", err)
	}
	key := Key(r.AppID, r.ChannelID, window)
	log := d.log.With("report", key)
	outcome, err := d.run(ctx, log, r, window, key)
	if err != nil {
		if unknown := (*delivery.Error)(nil); !errors.As(err, &unknown) || unknown.Kind != delivery.Unknown {
			return Outcome{}, fmt.Errorf("report %s failed, nothing was posted: %w", key, err)
		}
		return Outcome{}, fmt.Errorf("report %s failed: %w", key, err)
	}
	return outcome, nil
}

func (d *Digest) run(ctx context.Context, log *slog.Logger, r Request, window period.Window, key string) (Outcome, error) {
	if !r.DryRun {
		if err := d.poster.Check(r.ChannelID); err != nil {
			return Outcome{}, err
		}
	}
	log.InfoContext(ctx, "report begun", "period", r.Period.String(), "start", window.Start.UTC(), "end", window.End.UTC(),
		"zone", window.Zone.String(), "dryRun", r.DryRun)

	begun := d.clock()
	fold := report.NewFold()
	coverage, err := d.reader.Read(ctx, sessions.Query{Report: key, AppID: r.AppID, Start: window.Start, End: window.End, Now: r.Moment}, fold.Add)
	if err != nil {
		return Outcome{}, err
	}
	summary := fold.Summary()
	log.InfoContext(ctx, "sessions read", "pages", coverage.Pages, "requests", coverage.Requests, "rows", coverage.Rows,
		"counted", coverage.Counted, "unreadable", coverage.Unreadable, "announced", coverage.Announced,
		"complete", coverage.Complete, "why", coverage.Reason(), "meetings", len(summary.Meetings), "minutes", summary.Minutes.Fixed(2),
		"took", d.clock().Sub(begun).String())

	full := report.Report{Window: window, Summary: summary, Coverage: coverage, Prices: d.prices, Top: d.top}
	outcome := newOutcome(key, r.ChannelID, full)
	if r.DryRun {
		return outcome.dryRun(full.Message(report.Native))
	}
	post := delivery.Post{Channel: r.ChannelID, Key: key, App: r.AppID, Window: interval(window)}
	for _, form := range []report.Form{report.Native, report.Tables, report.Sections, report.TextOnly} {
		post.Forms = append(post.Forms, delivery.Form{Name: form.String(), Message: full.Message(form)})
	}
	begun = d.clock()
	posted, err := d.poster.Post(ctx, post)
	if err != nil {
		return Outcome{}, err
	}
	log.InfoContext(ctx, "message posted", "channel", posted.Channel, "ts", posted.TS, "form", posted.Form, "took", d.clock().Sub(begun).String())
	return outcome.posted(posted), nil
}
