package digest

import (
	"context"
	"encoding/json"
	"errors"
	"log/slog"
	"strings"
	"testing"
	"time"

	"realtimekit-digest/internal/delivery"
	"realtimekit-digest/internal/minutes"
	"realtimekit-digest/internal/period"
	"realtimekit-digest/internal/report"
	"realtimekit-digest/internal/sessions"
)

// reader and poster are fakes made of functions.
type reader func(context.Context, sessions.Query, func(sessions.Session)) (sessions.Coverage, error)

func (f reader) Read(ctx context.Context, q sessions.Query, each func(sessions.Session)) (sessions.Coverage, error) {
	return f(ctx, q, each)
}

type poster struct {
	check func(string) error
	post  func(context.Context, delivery.Post) (delivery.Posted, error)
}

func (p poster) Check(channel string) error { return p.check(channel) }
func (p poster) Post(ctx context.Context, post delivery.Post) (delivery.Posted, error) {
	return p.post(ctx, post)
}

// oneSession reads a single session that ended at noon of the window.
func oneSession(_ context.Context, q sessions.Query, each func(sessions.Session)) (sessions.Coverage, error) {
	m, _ := minutes.Parse([]byte("12842.525"))
	each(sessions.Session{ID: "s", MeetingID: "m", Title: "Weekly", Type: "meeting", Minutes: m, Peak: 3, Ended: q.Start.Add(12 * time.Hour)})
	return sessions.Coverage{Pages: 1, Requests: 2, Rows: 1, Unique: 1, Counted: 1, Announced: 1, Expected: 1, Complete: true}, nil
}

func request(t *testing.T) Request {
	t.Helper()
	zone, err := period.LoadZone("Europe/Berlin")
	if err != nil {
		t.Fatal(err)
	}
	yesterday, err := period.Parse("yesterday")
	if err != nil {
		t.Fatal(err)
	}
	return Request{Period: yesterday, Moment: time.Date(2026, 11, 22, 6, 0, 0, 0, time.UTC), Zone: zone, AppID: "app", ChannelID: "C0123456789"}
}

// digest makes a Digest whose clock goes on by a second whenever it is read.
func digest(r Reader, p Poster, log *strings.Builder) *Digest {
	now := time.Date(2026, 11, 22, 6, 0, 0, 0, time.UTC)
	return New(r, p, report.Prices{}, 10, func() time.Time { now = now.Add(time.Second); return now }, slog.New(slog.NewJSONHandler(log, nil)))
}

const key = "app|C0123456789|2026-11-20T23:00:00Z/2026-11-21T23:00:00Z"

func TestRun(t *testing.T) {
	var log strings.Builder
	var sent delivery.Post
	d := digest(reader(oneSession), poster{
		check: func(string) error { return nil },
		post: func(_ context.Context, p delivery.Post) (delivery.Posted, error) {
			sent = p
			return delivery.Posted{Channel: p.Channel, TS: "1.5", Form: "native"}, nil
		},
	}, &log)
	o, err := d.Run(t.Context(), request(t))
	if err != nil {
		t.Fatal(err)
	}
	got, err := json.Marshal(o)
	want := `{"status":"posted","channel":"C0123456789","ts":"1.5","key":"` + key + `",` +
		`"window":{"start":"2026-11-20T23:00:00Z","end":"2026-11-21T23:00:00Z","timezone":"Europe/Berlin"},` +
		`"complete":true,"sessions":1,"meetings":1,"minutes":12842.53,"pages":1}`
	if err != nil || string(got) != want {
		t.Errorf("%s, want\n%s (%v)", got, want, err)
	}
	if sent.Key != key || sent.App != "app" || sent.Window != "2026-11-20T23:00:00Z/2026-11-21T23:00:00Z" || len(sent.Forms) != 4 {
		t.Errorf("%+v", sent)
	}
	for _, form := range []string{"native", "table", "sections", "text"} {
		if sent.Forms[0].Name != form {
			t.Errorf("form %s, want %s", sent.Forms[0].Name, form)
		}
		sent.Forms = sent.Forms[1:]
	}
	for _, step := range []string{"report begun", "sessions read", "message posted"} {
		if strings.Count(log.String(), `"msg":"`+step+`"`) != 1 {
			t.Errorf("the log does not say once %q:\n%s", step, log.String())
		}
	}
	if strings.Count(log.String(), `"report":"`+key+`"`) != 3 || strings.Count(log.String(), `"took":"1s"`) != 2 {
		t.Errorf("the log lacks keys or durations:\n%s", log.String())
	}
}

func TestRunDry(t *testing.T) {
	var log strings.Builder
	d := digest(reader(oneSession), poster{}, &log) // a poster that may not be called
	r := request(t)
	r.DryRun, r.ChannelID = true, ""
	o, err := d.Run(t.Context(), r)
	if err != nil || o.Status != StatusDryRun || o.Message == nil || len(o.Message.Blocks) == 0 || o.TS != "" {
		t.Errorf("%+v, %v", o, err)
	}
}

// TestRunFails: every failure is an error that names the report, and nothing
// is posted after it.
func TestRunFails(t *testing.T) {
	trouble := errors.New("trouble")
	never := func(context.Context, delivery.Post) (delivery.Posted, error) {
		t.Error("posted after a failure")
		return delivery.Posted{}, nil
	}
	fine := func(string) error { return nil }
	for _, tc := range []struct {
		name   string
		reader reader
		poster poster
		change func(*Request)
	}{
		{"nothing to post with", func(context.Context, sessions.Query, func(sessions.Session)) (sessions.Coverage, error) {
			t.Error("read in vain")
			return sessions.Coverage{}, nil
		}, poster{func(string) error { return trouble }, never}, func(*Request) {}},
		{"reading fails", func(context.Context, sessions.Query, func(sessions.Session)) (sessions.Coverage, error) {
			return sessions.Coverage{}, trouble
		}, poster{fine, never}, func(*Request) {}},
		{"reading fails in a dry run", func(context.Context, sessions.Query, func(sessions.Session)) (sessions.Coverage, error) {
			return sessions.Coverage{}, trouble
		}, poster{fine, never}, func(r *Request) { r.DryRun = true }},
		{"posting fails", oneSession, poster{fine, func(context.Context, delivery.Post) (delivery.Posted, error) {
			return delivery.Posted{}, trouble
		}}, func(*Request) {}},
	} {
		t.Run(tc.name, func(t *testing.T) {
			r := request(t)
			tc.change(&r)
			_, err := digest(tc.reader, tc.poster, &strings.Builder{}).Run(t.Context(), r)
			if !errors.Is(err, trouble) || !strings.Contains(err.Error(), key) {
				t.Error(err)
			}
		})
	}
	r := request(t)
	r.Period, _ = period.Parse("2026-11-23")
	if _, err := digest(nil, nil, &strings.Builder{}).Run(t.Context(), r); err == nil {
		t.Error("a day that has not begun was reported")
	}
}
