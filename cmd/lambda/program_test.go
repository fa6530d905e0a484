package main

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"math/big"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"realtimekit-digest/internal/simulator"
	"realtimekit-digest/internal/simulator/lambda"
	"realtimekit-digest/internal/simulator/realtimekit"
)

// TestMain builds the real program for the tests of this file.
func TestMain(m *testing.M) {
	dir, err := os.MkdirTemp("", "bootstrap")
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	build := exec.Command("go", "build", "-buildvcs=false", "-tags", "lambda.norpc", "-o", filepath.Join(dir, "bootstrap"), ".")
	build.Env = append(os.Environ(), "CGO_ENABLED=0", programVariable+"=")
	if out, err := build.CombinedOutput(); err != nil {
		fmt.Fprintf(os.Stderr, "building the program: %v\n%s", err, out)
		os.Exit(1)
	}
	os.Setenv(programVariable, filepath.Join(dir, "bootstrap"))
	code := m.Run()
	os.RemoveAll(dir)
	os.Exit(code)
}

// programVariable is where TestMain leaves the program's path for the tests.
const programVariable = "TEST_BOOTSTRAP"

// moment is that of events/schedule-daily.json; the day before it in Berlin
// is the window.
var (
	moment      = time.Date(2026, 11, 22, 6, 0, 0, 0, time.UTC)
	windowStart = time.Date(2026, 11, 20, 23, 0, 0, 0, time.UTC)
	windowEnd   = windowStart.Add(24 * time.Hour)
)

// program is a running function in a simulated world.
type program struct {
	*simulator.World
	process *lambda.Process
	logs    *lines
}

// lines is a log that may be read while it is written.
type lines struct {
	mu  sync.Mutex
	all bytes.Buffer
}

func (l *lines) Write(b []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.all.Write(b)
}

func (l *lines) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.all.String()
}

// run starts the program with some variables changed.
func run(t *testing.T, usage []realtimekit.Session, reading realtimekit.Reading, override ...string) *program {
	t.Helper()
	world, err := simulator.Start(usage, reading)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(world.Close)
	p := &program{World: world, logs: &lines{}}
	p.process, err = world.Lambda.Exec(context.Background(), os.Getenv(programVariable), world.Env(override...), p.logs)
	if err != nil {
		t.Fatal(err)
	}
	return p
}

// outcome is what a test reads of the answer.
type outcome struct {
	Status, Channel, TS, Key  string
	Window                    struct{ Start, End, Timezone string }
	Complete                  bool
	Sessions, Meetings, Pages int
	Minutes                   json.Number
	Message                   *struct {
		Text   string
		Blocks json.RawMessage
	}
}

// invoke gives the program an event.
func (p *program) invoke(t *testing.T, event []byte, timeout time.Duration) lambda.Result {
	t.Helper()
	result, err := p.Lambda.Invoke(t.Context(), event, timeout)
	if err != nil {
		t.Fatalf("%v; its log:\n%s", err, p.logs)
	}
	return result
}

// answer gives the program an event that it must answer with an outcome.
func (p *program) answer(t *testing.T, event []byte) outcome {
	t.Helper()
	result := p.invoke(t, event, time.Minute)
	if result.Failed {
		t.Fatalf("%s; its log:\n%s", result.ErrorMessage, p.logs)
	}
	var o outcome
	if err := json.Unmarshal(result.Payload, &o); err != nil {
		t.Fatalf("%v in %s", err, result.Payload)
	}
	return o
}

// checkLogs ends the program and checks its log: one JSON object a line, no
// secret, and a report can be followed by its key.
func (p *program) checkLogs(t *testing.T, key string) {
	t.Helper()
	p.process.Stop() // only then has everything arrived
	steps := 0
	for line := range strings.Lines(p.logs.String()) {
		var entry struct{ Message, Level, Report, Timestamp string }
		if err := json.Unmarshal([]byte(line), &entry); err != nil || entry.Message == "" || entry.Level == "" || entry.Timestamp == "" {
			t.Errorf("not a line of JSON: %v: %s", err, line)
		}
		if key != "" && entry.Report == key {
			steps++
		}
	}
	if key != "" && steps < 2 {
		t.Errorf("report %s can be followed in %d lines:\n%s", key, steps, p.logs)
	}
	for _, secret := range []string{simulator.Token, simulator.BotToken} {
		if strings.Contains(p.logs.String(), secret) {
			t.Errorf("the log holds the secret %s", secret)
		}
	}
}

// checkFigures compares an outcome and its message with a recount.
func checkFigures(t *testing.T, o outcome, text string, blocks json.RawMessage, want realtimekit.Figures) {
	t.Helper()
	minutes, ok := new(big.Rat).SetString(o.Minutes.String())
	if !ok || o.Sessions != want.Sessions || o.Meetings != len(want.Meetings) || minutes.FloatString(2) != want.Minutes.FloatString(2) {
		t.Errorf("the outcome has %d sessions, %d meetings, %s minutes; want %d, %d, %s",
			o.Sessions, o.Meetings, o.Minutes, want.Sessions, len(want.Meetings), want.Minutes.FloatString(2))
	}
	var all []struct {
		Type string
		Text struct{ Text string }
		Rows [][]struct {
			Text  string
			Value float64
		}
	}
	if err := json.Unmarshal(blocks, &all); err != nil {
		t.Fatalf("%v in %s", err, blocks)
	}
	point, sessions, sum, rows := "", 0.0, 0.0, 0
	for _, b := range all {
		if b.Type == "section" {
			point = b.Text.Text
		}
		for _, row := range b.Rows[min(1, len(b.Rows)):] {
			rows++
			sessions += row[1].Value
			sum += row[2].Value
		}
	}
	total := whole(want.Minutes) + " participant-minutes in "
	if !strings.Contains(point, total) || !strings.Contains(text, total) {
		t.Errorf("neither point nor text may lack %q:\n%s\n%s", total, point, text)
	}
	exact, _ := want.Minutes.Float64()
	if int(sessions) != want.Sessions || sum < exact-0.01*float64(rows) || sum > exact+0.01*float64(rows) {
		t.Errorf("the table's rows add up to %v sessions and %v minutes, want %d and %v", sessions, sum, want.Sessions, exact)
	}
}

// whole writes minutes as the message's sentences do.
func whole(r *big.Rat) string {
	s := r.FloatString(0)
	for i := len(s) - 3; i > 0; i -= 3 {
		s = s[:i] + "," + s[i:]
	}
	return s
}

// TestEvents runs the program on every file of events/.
func TestEvents(t *testing.T) {
	files, err := filepath.Glob("../../events/*.json")
	if err != nil || len(files) < 7 {
		t.Fatalf("%d events, %v", len(files), err)
	}
	for _, file := range files {
		t.Run(filepath.Base(file), func(t *testing.T) {
			t.Parallel()
			event, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			var e struct {
				ScheduledTime, Time time.Time
				DryRun              bool
			}
			if err := json.Unmarshal(event, &e); err != nil {
				t.Fatal(err)
			}
			until := time.Now()
			for _, at := range []time.Time{e.ScheduledTime, e.Time} {
				if !at.IsZero() {
					until = at
				}
			}
			usage := simulator.Usage(until)
			p := run(t, usage, realtimekit.Reading{})
			o := p.answer(t, event)
			start, _ := time.Parse(time.RFC3339, o.Window.Start)
			end, _ := time.Parse(time.RFC3339, o.Window.End)
			if !o.Complete || o.Window.Timezone != "Europe/Berlin" || !start.Before(end) || o.Pages < 1 {
				t.Errorf("%+v", o)
			}
			posted := p.Slack.Messages(simulator.ChannelID)
			want := realtimekit.Recount(usage, start, end)
			if e.DryRun {
				if o.Status != "dry_run" || o.TS != "" || len(p.Slack.Calls()) != 0 || o.Message == nil {
					t.Fatalf("%+v after %d calls of Slack", o, len(p.Slack.Calls()))
				}
				checkFigures(t, o, o.Message.Text, o.Message.Blocks, want)
			} else {
				if o.Status != "posted" || o.Channel != simulator.ChannelID || len(posted) != 1 || o.TS != posted[0].TS || o.Message != nil {
					t.Fatalf("%+v with %d messages", o, len(posted))
				}
				checkFigures(t, o, posted[0].Text, posted[0].Blocks, want)
			}
			p.checkLogs(t, o.Key)
		})
	}
}

// TestSameKey: whoever asks for a report, it has the same key.
func TestSameKey(t *testing.T) {
	p := run(t, simulator.Usage(moment), realtimekit.Reading{})
	keys := map[string]bool{}
	for _, event := range []string{
		`{"kind":"scheduled","scheduledTime":"2026-11-22T06:00:00Z"}`,
		`{"kind":"manual","period":"2026-11-21"}`,
		`{"source":"aws.scheduler","time":"2026-11-22T09:30:00Z","detail":"{}"}`,
		`{"period":"yesterday","scheduledTime":"2026-11-22T22:00:00Z","dryRun":true}`,
	} {
		keys[p.answer(t, []byte(event)).Key] = true
	}
	if len(keys) != 1 {
		t.Errorf("keys %v", keys)
	}
	if other := p.answer(t, []byte(`{"period":"2026-11-20"}`)).Key; keys[other] {
		t.Errorf("another day has the same key %s", other)
	}
}
