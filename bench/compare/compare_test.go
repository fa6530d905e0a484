package main

import (
	"bytes"
	"context"
	"errors"
	"math/big"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"realtimekit-digest/internal/simulator/realtimekit"
)

// build builds the reader for a test.
func build(t *testing.T) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "reader")
	command := exec.Command("go", "build", "-buildvcs=false", "-o", path, "../reader")
	if out, err := command.CombinedOutput(); err != nil {
		t.Fatalf("building the reader: %v\n%s", err, out)
	}
	return path
}

func TestCompare(t *testing.T) {
	args := []string{"-sessions", "640", "-latencies", "0,1ms", "-repeat", "2", "-reader", build(t)}
	plain := "../../build/bench/plain"
	if _, err := os.Stat(plain); err != nil {
		t.Log("the plain loop is left out: make bench builds it, which takes minutes")
		plain = ""
	}
	args = append(args, "-plain", plain)
	for format, want := range map[string]string{
		"text":     "peak memory of the process",
		"markdown": "\n| peak memory of the process | ",
	} {
		var stdout, stderr bytes.Buffer
		if err := realMain(t.Context(), append(args, "-format", format), &stdout, &stderr); err != nil {
			t.Fatalf("%v\n%s", err, &stderr)
		}
		for _, text := range []string{want, "640 sessions of one day in 32 meetings, on 7 pages of 100", "wall time, 1 ms", "independent recount"} {
			if !strings.Contains(stdout.String(), text) {
				t.Errorf("%s has no %q:\n%s", format, text, &stdout)
			}
		}
	}
}

func TestRunEnds(t *testing.T) {
	day, err := oneDay()
	if err != nil {
		t.Fatal(err)
	}
	list := usage(30, day)
	service, err := serve(list, time.Hour)
	if err != nil {
		t.Fatal(err)
	}
	defer service.close()
	p := program{name: "the reader", path: build(t)}
	figures := realtimekit.Recount(list, day.start, day.end)
	if _, err := p.run(t.Context(), service, day, figures, 200*time.Millisecond, new(bytes.Buffer)); err == nil || !strings.Contains(err.Error(), "not done within 200ms") {
		t.Errorf("a program that does not end: %v", err)
	}
}

func TestCheck(t *testing.T) {
	figures := realtimekit.Figures{Sessions: 3, Minutes: big.NewRat(1235, 100), Meetings: map[string]realtimekit.MeetingFigures{"a": {}}}
	right := line{Sessions: 3, Minutes: "12.35", Meetings: 1, Complete: true}
	for name, test := range map[string]struct {
		change func(*line)
		exact  bool
		want   string // in the error, empty for none
	}{
		"right":              {func(*line) {}, true, ""},
		"rounded":            {func(l *line) { l.Minutes = "12.34" }, false, ""},
		"rounded, but exact": {func(l *line) { l.Minutes = "12.34" }, true, "12.34 minutes instead of 12.35"},
		"minutes":            {func(l *line) { l.Minutes = "12.37" }, false, "12.37 minutes instead of 12.35"},
		"no minutes":         {func(l *line) { l.Minutes = "" }, false, `its minutes are ""`},
		"sessions":           {func(l *line) { l.Sessions = 2 }, true, "2 sessions instead of 3"},
		"meetings":           {func(l *line) { l.Meetings = 2 }, true, "2 meetings instead of 1"},
		"incomplete":         {func(l *line) { l.Complete, l.Why = false, "rows moved" }, true, "incomplete: rows moved"},
	} {
		l := right
		test.change(&l)
		err := program{exact: test.exact}.check(l, figures)
		if test.want == "" && err != nil || test.want != "" && (err == nil || !strings.Contains(err.Error(), test.want)) {
			t.Errorf("%s: %v, want %q", name, err, test.want)
		}
	}
}

func TestUsage(t *testing.T) {
	day, err := oneDay()
	if err != nil {
		t.Fatal(err)
	}
	list := usage(2_000, day)
	figures := realtimekit.Recount(list, day.start, day.end)
	if figures.Sessions != 2_000 || len(figures.Meetings) != 100 {
		t.Errorf("%d of 2000 sessions ended in the day, in %d meetings instead of 100", figures.Sessions, len(figures.Meetings))
	}
	characters := 0
	for _, s := range list {
		if s.CreatedAt.Before(day.start) {
			t.Errorf("session %s was created before the day: %s", s.ID, s.CreatedAt)
		}
		characters += len([]rune(s.Title))
	}
	if mean := characters / len(list); mean < 25 || mean > 35 {
		t.Errorf("titles have %d characters, want about 30", mean)
	}
}

func TestGoals(t *testing.T) {
	cost := func(times int) trial {
		return trial{line: line{CPU: time.Duration(times) * time.Millisecond, Allocated: uint64(times) * 1000, PeakRSS: 30e6, Wall: time.Second}, inFlight: 4}
	}
	r := results{settings: settings{sessions: 1000, repeat: 1}, pages: 10, at: []series{{
		latency: 400 * time.Millisecond, workers: 4, plain: []trial{cost(100)}, reader: []trial{cost(3), cost(9), cost(5)},
	}}}
	want := map[string]string{
		"CPU per session, 400 ms":     "20.0 yes", // the median counts
		"bytes allocated per session": "11.1 NO",  // the most counts
		"peak memory of the process":  "1.0 yes",
		"wall time, 400 ms":           "1.0 yes (1.00 ×)",
	}
	for _, line := range r.rows() {
		if met, ok := want[line.what]; ok && line.ratio+" "+line.met != met {
			t.Errorf("%s: %s %s, want %s", line.what, line.ratio, line.met, met)
		}
		delete(want, line.what)
	}
	for what := range want {
		t.Errorf("the table has no line %q", what)
	}
}

func TestParse(t *testing.T) {
	for _, args := range []string{"-latencies 5", "-latencies -1ms", "-sessions 0", "-repeat 0", "-workers -1", "-format html", "now"} {
		if _, err := parse(strings.Fields(args), new(bytes.Buffer)); err == nil {
			t.Errorf("%s is taken", args)
		}
	}
	set, err := parse(nil, new(bytes.Buffer))
	if err != nil || len(set.latencies) != 3 || set.sessions != 100_000 {
		t.Errorf("without arguments: %+v, %v", set, err)
	}
}

// The two programs are in different modules, so what measures them is there
// twice.
func TestMeasuredAlike(t *testing.T) {
	plain, err := os.ReadFile("../plain/measure.go")
	if err != nil {
		t.Fatal(err)
	}
	reader, err := os.ReadFile("../reader/measure.go")
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(plain, reader) {
		t.Error("bench/plain/measure.go and bench/reader/measure.go differ: copy the one that is right")
	}
}

func TestInterrupted(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	args := []string{"-sessions", "10", "-plain", "", "-reader", os.Args[0]}
	if err := realMain(ctx, args, new(bytes.Buffer), new(bytes.Buffer)); !errors.Is(err, context.Canceled) {
		t.Errorf("an interrupted comparison ends with %v", err)
	}
}
