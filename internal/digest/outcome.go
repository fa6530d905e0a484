package digest

import (
	"fmt"
	"strings"
	"time"

	"realtimekit-digest/internal/blockkit"
	"realtimekit-digest/internal/delivery"
	"realtimekit-digest/internal/minutes"
	"realtimekit-digest/internal/period"
	"realtimekit-digest/internal/report"
)

// Outcome is what became of a request. It is what the function returns.
type Outcome struct {
	Status   string          `json:"status"` // StatusPosted or StatusDryRun
	Channel  string          `json:"channel,omitempty"`
	TS       string          `json:"ts,omitempty"`
	Key      string          `json:"key"`
	Window   Window          `json:"window"`
	Complete bool            `json:"complete"`
	Sessions int             `json:"sessions"`
	Meetings int             `json:"meetings"`
	Minutes  minutes.Minutes `json:"minutes"` // two decimals
	Pages    int             `json:"pages"`
	// Message is the message of a dry run, as it would be posted.
	Message *blockkit.Message `json:"message,omitempty"`
}

// The values of Outcome.Status.
const (
	StatusPosted = "posted"
	StatusDryRun = "dry_run"
)

// Window is the reported stretch of time, [Start, End) in UTC.
type Window struct {
	Start    time.Time `json:"start"`
	End      time.Time `json:"end"`
	Timezone string    `json:"timezone"`
}

func newOutcome(key, channel string, r report.Report) Outcome {
	return Outcome{
		Channel:  channel,
		Key:      key,
		Window:   Window{r.Window.Start.UTC(), r.Window.End.UTC(), r.Window.Zone.String()},
		Complete: r.Coverage.Complete,
		Sessions: r.Summary.Sessions,
		Meetings: len(r.Summary.Meetings),
		Minutes:  r.Summary.Minutes,
		Pages:    r.Coverage.Pages,
	}
}

func (o Outcome) posted(p delivery.Posted) Outcome {
	o.Status, o.Channel, o.TS = StatusPosted, p.Channel, p.TS
	return o
}

// dryRun adds the message, which must be one that could be posted.
func (o Outcome) dryRun(m blockkit.Message) (Outcome, error) {
	if err := blockkit.Validate(m); err != nil {
		return Outcome{}, fmt.Errorf("checking the message: %w", err)
	}
	o.Status, o.Message = StatusDryRun, &m
	return o, nil
}

// Key names a report: its app, its channel and its window. Whoever asks for
// the same report, by a schedule or by hand, gets the same key.
func Key(appID, channelID string, w period.Window) string {
	return strings.Join([]string{appID, channelID, interval(w)}, "|")
}

// interval is a window as ISO 8601 writes it, in UTC.
func interval(w period.Window) string {
	return w.Start.UTC().Format(time.RFC3339) + "/" + w.End.UTC().Format(time.RFC3339)
}
