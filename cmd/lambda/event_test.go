package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"log/slog"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"realtimekit-digest/internal/digest"
	"realtimekit-digest/internal/period"
)

// mostOfAnError is as long as an error about an event may be, whatever the
// event says.
const mostOfAnError = 700

// clockTime is what the clock says here: a day after the events' times.
var clockTime = time.Date(2026, 11, 23, 12, 34, 56, 0, time.UTC)

func testDefaults(t testing.TB) defaults {
	t.Helper()
	zone, err := period.LoadZone("Europe/Berlin")
	if err != nil {
		t.Fatal(err)
	}
	return defaults{appID: "app-of-the-environment", channelID: "C0000000001", zone: zone}
}

// wanted is a request in words; what is empty comes from the environment.
type wanted struct {
	kind, period, moment, zone, app, channel string
	dryRun                                   bool
}

func (w wanted) check(t *testing.T, payload string) {
	t.Helper()
	e, err := decodeEvent([]byte(payload))
	if err != nil {
		t.Fatal(err)
	}
	r, err := e.request(testDefaults(t), clockTime)
	if err != nil {
		t.Fatal(err)
	}
	or := func(s, other string) string {
		if s == "" {
			return other
		}
		return s
	}
	want := wanted{
		kind: or(w.kind, "manual"), period: or(w.period, "yesterday"), moment: or(w.moment, "2026-11-23T12:34:56Z"),
		zone: or(w.zone, "Europe/Berlin"), app: or(w.app, "app-of-the-environment"), channel: or(w.channel, "C0000000001"),
		dryRun: w.dryRun,
	}
	got := wanted{e.Kind, r.Period.String(), r.Moment.UTC().Format(time.RFC3339Nano), r.Zone.String(), r.AppID, r.ChannelID, r.DryRun}
	if got != want {
		t.Errorf("%s\ngot  %+v\nwant %+v", payload, got, want)
	}
}

const scheduled = "2026-11-22T06:00:00Z"

// eventFiles are the files of events/ and what they ask for.
var eventFiles = map[string]wanted{
	"schedule-daily.json":    {kind: "scheduled", moment: scheduled},
	"schedule-envelope.json": {kind: "scheduled", moment: scheduled},
	"rule-envelope.json":     {kind: "scheduled", moment: scheduled},
	"manual-yesterday.json":  {},
	"manual-range.json":      {period: "2026-11-01..2026-11-15", moment: scheduled},
	"manual-dry-run.json":    {dryRun: true},
	"empty.json":             {},
}

func TestEventFiles(t *testing.T) {
	t.Parallel()
	paths, err := filepath.Glob("../../events/*")
	if err != nil {
		t.Fatal(err)
	}
	var names []string
	for _, path := range paths {
		name := filepath.Base(path)
		names = append(names, name)
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			payload, err := os.ReadFile(path)
			if err != nil {
				t.Fatal(err)
			}
			want, ok := eventFiles[name]
			if !ok {
				t.Fatal("this test does not know what it asks for")
			}
			want.check(t, string(payload))
		})
	}
	if want := slices.Sorted(maps.Keys(eventFiles)); !slices.Equal(names, want) {
		t.Errorf("events/ has %v, want %v", names, want)
	}
}

func TestEvent(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name, payload string
		want          wanted
	}{
		{"no payload", ``, wanted{}},
		{"null", ` null `, wanted{}},
		{"empty object", "\n{ }\n", wanted{}},
		{"every field", `{"kind":"command","version":1,"period":"7d","scheduledTime":"2026-11-22T07:00:00+01:00","scheduleArn":"arn","attempt":"2",
			"appId":"other_app","channelId":"G7","timezone":"Asia/Kathmandu","dryRun":true,"force":true}`,
			wanted{"command", "7d", scheduled, "Asia/Kathmandu", "other_app", "G7", true}},
		{"every field null", `{"kind":null,"version":null,"period":null,"scheduledTime":null,"scheduleArn":null,"attempt":null,
			"appId":null,"channelId":null,"timezone":null,"dryRun":null,"force":null}`, wanted{}},
		{"empty app, channel and zone", `{"appId":"","channelId":"","timezone":""}`, wanted{}},
		{"a time to the nanosecond", `{"scheduledTime":"2026-11-22T06:00:00.000000001Z"}`, wanted{moment: "2026-11-22T06:00:00.000000001Z"}},
		{"year 1 is a time", `{"scheduledTime":"0001-01-01T00:00:00Z"}`, wanted{moment: "0001-01-01T00:00:00Z"}},
		{"space around the period", `{"period":" last-week "}`, wanted{period: "last-week"}},
		{"name with an escape", `{"\u0070eriod":"today"}`, wanted{period: "today"}},
		{"schedule's envelope", `{"source":"aws.scheduler","time":"2026-11-22T06:00:00Z","detail":"{}"}`, wanted{kind: "scheduled", moment: scheduled}},
		{"rule's envelope", `{"source":"aws.events","time":"2026-11-22T06:00:00Z","detail":{ }}`, wanted{kind: "scheduled", moment: scheduled}},
		{"envelope without detail", `{"source":"aws.events","time":"2026-11-22T06:00:00Z"}`, wanted{kind: "scheduled", moment: scheduled}},
		{"envelope with null detail", `{"source":"aws.events","time":"2026-11-22T06:00:00Z","detail":null}`, wanted{kind: "scheduled", moment: scheduled}},
		{"envelope of another version", `{"version":"1","source":"aws.events","time":"2026-11-22T06:00:00Z"}`, wanted{kind: "scheduled", moment: scheduled}},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			test.want.check(t, test.payload)
		})
	}
}

var refused = []struct{ name, payload, want string }{
	{"no JSON", `yesterday`, "not a JSON object"},
	{"a field twice", `{"period":"yesterday","period":"today"}`, "has a field twice"},
	{"half an object", `{"period":"today"`, "not a JSON object"},
	{"more than one", `{}{}`, "not a JSON object"},
	{"array", `[]`, "not a JSON object"},
	{"text", `"yesterday"`, "not a JSON object"},
	{"number", `1`, "not a JSON object"},
	{"unknown field", `{"perod":"today"}`, `unknown field "perod": it should be one of appId, attempt,`},
	{"misspelt case", `{"Period":"today"}`, `unknown field "Period"`},
	{"field with a space", `{"period ":"today"}`, `unknown field "period "`},
	{"unknown field that is null", `{"nothing":null}`, `unknown field "nothing"`},
	{"endless field", `{"` + strings.Repeat(`\udb40\udc01`, 1000) + `":1}`, "unknown field"},

	{"kind that is a number", `{"kind":1}`, `field "kind" should be a text in quotes`},
	{"version in quotes", `{"version":"1"}`, `field "version" should be a whole number`},
	{"half a version", `{"version":1.5}`, `field "version" should be a whole number`},
	{"period that is a list", `{"period":["today"]}`, `field "period" should be a text in quotes`},
	{"seconds since 1970", `{"scheduledTime":1795327200}`, `field "scheduledTime" should be a moment such as`},
	{"time without zone", `{"scheduledTime":"2026-11-22T06:00:00"}`, `field "scheduledTime" should be a moment such as`},
	{"day instead of time", `{"scheduledTime":"2026-11-22"}`, `field "scheduledTime" should be a moment such as`},
	{"empty time", `{"scheduledTime":""}`, `field "scheduledTime" should be a moment such as`},
	{"attribute that was not replaced", `{"scheduledTime":"<aws.scheduler.scheduled-time>"}`, `field "scheduledTime" should be a moment such as`},
	{"schedule that is an object", `{"scheduleArn":{}}`, `field "scheduleArn" should be a text in quotes`},
	{"attempt that is a number", `{"attempt":1}`, `field "attempt" should be a text in quotes`},
	{"app that is a number", `{"appId":1}`, `field "appId" should be a text in quotes`},
	{"channel that is true", `{"channelId":true}`, `field "channelId" should be a text in quotes`},
	{"zone that is a number", `{"timezone":1}`, `field "timezone" should be a text in quotes`},
	{"dry run in quotes", `{"dryRun":"true"}`, `field "dryRun" should be true or false`},
	{"dry run as a number", `{"dryRun":1}`, `field "dryRun" should be true or false`},
	{"force in quotes", `{"force":"false"}`, `field "force" should be true or false`},

	{"unknown kind", `{"kind":"cron"}`, `kind "cron" is none that is known: it should be scheduled, manual or command`},
	{"empty kind", `{"kind":""}`, `kind "" is none`},
	{"version 2", `{"version":2}`, `version 2 is none that is known: it should be 1`},
	{"version 0", `{"version":0}`, `version 0 is none`},
	{"unknown period", `{"period":"fortnight"}`, `period "fortnight" cannot be read`},
	{"empty period", `{"period":""}`, `period is empty`},
	{"endless period", `{"period":"` + strings.Repeat(`\udb40\udc01`, 1000) + `"}`, `period`},
	{"endless zone", `{"timezone":"` + strings.Repeat(`\udb40\udc01`, 1000) + `"}`, `field "timezone"`},
	{"period too long", `{"period":"93d"}`, `period "93d" is not 1 to 92 whole days`},
	{"unknown zone", `{"timezone":"Europe/Bonn"}`, `field "timezone": time zone "Europe/Bonn" is not known`},
	{"machine's zone", `{"timezone":"Local"}`, `field "timezone": time zone "Local" depends`},
	{"several apps", `{"appId":"one,two"}`, `field "appId": "one,two" should be one app id`},
	{"every app", `{"appId":"all"}`, `field "appId": "all" should be one app id`},
	{"app that is a path", `{"appId":"../../user"}`, `field "appId": "../../user"`},
	{"channel's name", `{"channelId":"#general"}`, `field "channelId": "#general" should be a channel's id`},
	{"person", `{"channelId":"U0123456789"}`, `field "channelId": "U0123456789"`},
	{"endless app", `{"appId":"` + strings.Repeat(`\udb40\udc01`, 1000) + `"}`, `field "appId"`},

	{"endless source", `{"source":"` + strings.Repeat(`\udb40\udc01`, 1000) + `","time":"2026-11-22T06:00:00Z"}`, "source"},
	{"unknown source", `{"source":"aws.s3","time":"2026-11-22T06:00:00Z"}`, `source "aws.s3" is none that is known`},
	{"source that is null", `{"source":null,"time":"2026-11-22T06:00:00Z"}`, `source "" is none that is known`},
	{"source that is a number", `{"source":1}`, `field "source" should be a text in quotes`},
	{"envelope without time", `{"source":"aws.scheduler","detail":"{}"}`, "the envelope has no time"},
	{"envelope with null time", `{"source":"aws.scheduler","time":null}`, "the envelope has no time"},
	{"envelope with a bad time", `{"source":"aws.events","time":"now"}`, `field "time" should be a moment such as`},
	{"detail that says something", `{"source":"aws.events","time":"2026-11-22T06:00:00Z","detail":{"period":"today"}}`, "detail is not empty"},
	{"detail that says something in a text", `{"source":"aws.scheduler","time":"2026-11-22T06:00:00Z","detail":"{\"period\":\"today\"}"}`, "detail is not empty"},
	{"envelope with a field of an event", `{"source":"aws.scheduler","time":"2026-11-22T06:00:00Z","period":"today"}`, `unknown field "period"`},
	{"envelope with a misspelt field", `{"source":"aws.events","Time":"2026-11-22T06:00:00Z"}`, `unknown field "Time"`},
}

// TestEventRefused goes the way of an invocation: nothing may run.
func TestEventRefused(t *testing.T) {
	t.Parallel()
	for _, test := range refused {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			var log bytes.Buffer
			h := testHandler(t, &log, func(context.Context, digest.Request) (digest.Outcome, error) {
				t.Error("a report was made")
				return digest.Outcome{}, nil
			})
			answer, err := h.Invoke(t.Context(), []byte(test.payload))
			if err == nil || answer != nil {
				t.Fatalf("accepted: %s", answer)
			}
			for _, want := range []string{"the event cannot be read, nothing was posted: ", test.want} {
				if !strings.Contains(err.Error(), want) {
					t.Errorf("error %q does not say %q", err, want)
				}
			}
			if len(err.Error()) > mostOfAnError {
				t.Errorf("error has %d bytes: %v", len(err.Error()), err)
			}
			if !strings.Contains(log.String(), `"level":"ERROR"`) {
				t.Errorf("not logged: %s", &log)
			}
		})
	}
}

func testHandler(t testing.TB, log *bytes.Buffer, run func(context.Context, digest.Request) (digest.Outcome, error)) *handler {
	return &handler{
		defaults: testDefaults(t),
		clock:    func() time.Time { return clockTime },
		log:      slog.New(slog.NewJSONHandler(log, nil)),
		run:      run,
	}
}

func TestInvoke(t *testing.T) {
	t.Parallel()
	failure := errors.New("the report failed")
	tests := []struct {
		name string
		err  error
	}{{"answers with the outcome", nil}, {"hands the error on and logs it", failure}}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			var log bytes.Buffer
			var got digest.Request
			h := testHandler(t, &log, func(_ context.Context, r digest.Request) (digest.Outcome, error) {
				got = r
				return digest.Outcome{Status: digest.StatusPosted, Key: "k"}, test.err
			})
			answer, err := h.Invoke(t.Context(), []byte(`{"kind":"scheduled","scheduledTime":"2026-11-22T06:00:00Z","scheduleArn":"arn:s","attempt":"2"}`))
			if !errors.Is(err, test.err) || (err == nil) != json.Valid(answer) {
				t.Fatalf("got %s, %v", answer, err)
			}
			if got.Moment.UTC().Format(time.RFC3339) != scheduled {
				t.Errorf("moment is %v, want %v", got.Moment, scheduled)
			}
			if err == nil && !strings.Contains(string(answer), `"status":"posted"`) {
				t.Errorf("answer is %s", answer)
			}
			if err != nil && !strings.Contains(log.String(), failure.Error()) {
				t.Errorf("not logged: %s", &log)
			}
			for _, want := range []string{`"kind":"scheduled"`, `"schedule":"arn:s"`, `"attempt":"2"`} {
				if !strings.Contains(log.String(), want) {
					t.Errorf("log has no %s: %s", want, &log)
				}
			}
		})
	}
}

func FuzzEvent(f *testing.F) {
	for name := range eventFiles {
		payload, err := os.ReadFile(filepath.Join("../../events", name))
		if err != nil {
			f.Fatal(err)
		}
		f.Add(payload)
	}
	for _, test := range refused {
		f.Add([]byte(test.payload))
	}
	d := testDefaults(f)
	plain := strings.Fields("kind version period scheduledTime scheduleArn attempt appId channelId timezone dryRun force")
	outer := strings.Fields("source time detail version id detail-type account region resources")
	f.Fuzz(func(t *testing.T, payload []byte) {
		e, err := decodeEvent(payload)
		var r digest.Request
		if err == nil {
			r, err = e.request(d, clockTime)
		}
		if err != nil {
			if len(err.Error()) > mostOfAnError || strings.Contains(err.Error(), "\n") {
				t.Errorf("error has %d bytes or lines: %v", len(err.Error()), err)
			}
			return
		}
		if r.Period == (period.Period{}) || r.Zone == nil || r.AppID == "" || r.ChannelID == "" {
			t.Errorf("accepted, but the request is %+v", r)
		}
		if e.ScheduledTime == nil && !r.Moment.Equal(clockTime) || e.ScheduledTime != nil && !r.Moment.Equal(*e.ScheduledTime) {
			t.Errorf("moment is %v", r.Moment)
		}
		if len(bytes.TrimSpace(payload)) == 0 {
			return
		}
		var members map[string]any
		if err := json.Unmarshal(payload, &members); err != nil {
			t.Fatalf("accepted, but not JSON: %v", err)
		}
		known := plain
		if _, ok := members["source"]; ok {
			known = outer
		}
		for name := range members {
			if !slices.Contains(known, name) {
				t.Errorf("accepted with the unknown member %q", name)
			}
		}
	})
}
