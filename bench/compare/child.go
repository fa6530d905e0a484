package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math/big"
	"os/exec"
	"strconv"
	"syscall"
	"time"

	"realtimekit-digest/internal/simulator"
	"realtimekit-digest/internal/simulator/realtimekit"
)

// program is one of the two that are compared.
type program struct {
	name, path string
	exact      bool // it adds minutes up exactly
}

// line is what a program prints at its end; see bench/reader/measure.go.
type line struct {
	Sessions int    `json:"sessions"`
	Minutes  string `json:"minutes"`
	Meetings int    `json:"meetings"`
	Complete bool   `json:"complete"`
	Why      string `json:"why"`

	Wall      time.Duration `json:"wall_ns"`   // of the read alone
	CPU       time.Duration `json:"cpu_ns"`    // of the read alone
	Allocated uint64        `json:"allocated"` // by the read, in bytes
	PeakHeap  uint64        `json:"peak_heap"`
	PeakRSS   uint64        `json:"peak_rss"` // of the process, in bytes
}

// trial is one run of a program.
type trial struct {
	line
	process  time.Duration // CPU of the whole process, its start included
	requests int           // that reached the simulator
	inFlight int           // the most of them at one moment
	arrived  []realtimekit.Request
	serving  time.Duration // CPU of this process meanwhile: the simulator's
}

// run runs a program against the service and checks its figures against the
// independent recount.
func (p program) run(ctx context.Context, s *service, w window, figures realtimekit.Figures, limit time.Duration, stderr io.Writer) (trial, error) {
	ctx, cancel := context.WithTimeout(ctx, limit)
	defer cancel()
	before, cpu := len(s.Requests()), ownCPU()
	var stdout bytes.Buffer
	command := exec.CommandContext(ctx, p.path,
		"-url", s.URL(), "-account", simulator.AccountID, "-app", simulator.AppID, "-token", simulator.Token,
		"-start", w.start.Format(time.RFC3339), "-end", w.end.Format(time.RFC3339), "-now", w.now.Format(time.RFC3339),
		"-quota", strconv.Itoa(quota))
	// Nothing of this machine's environment may change what is measured.
	command.Env = []string{"LC_ALL=C"}
	command.Stdout, command.Stderr = &stdout, stderr
	command.WaitDelay = 5 * time.Second
	if err := command.Run(); err != nil {
		if errors.Is(ctx.Err(), context.DeadlineExceeded) {
			err = fmt.Errorf("not done within %s: %w", limit, err)
		}
		return trial{}, fmt.Errorf("running %s: %w", p.name, err)
	}
	t := trial{process: command.ProcessState.UserTime() + command.ProcessState.SystemTime(), serving: ownCPU() - cpu}
	if err := json.Unmarshal(stdout.Bytes(), &t.line); err != nil {
		return trial{}, fmt.Errorf("reading what %s printed: %w", p.name, err)
	}
	t.arrived = s.Requests()[before:]
	t.requests = len(t.arrived)
	for _, r := range t.arrived {
		t.inFlight = max(t.inFlight, r.InFlight)
	}
	if err := p.check(t.line, figures); err != nil {
		return trial{}, fmt.Errorf("%s is wrong: %w", p.name, err)
	}
	return t, nil
}

// check compares with the recount. Where minutes are floating-point numbers
// their sum may be off in the second decimal.
func (p program) check(l line, figures realtimekit.Figures) error {
	minutes, ok := new(big.Rat).SetString(l.Minutes)
	if !ok {
		return fmt.Errorf("its minutes are %q", l.Minutes)
	}
	off := new(big.Rat).Sub(minutes, figures.Minutes)
	switch {
	case !l.Complete:
		return fmt.Errorf("its read is incomplete: %s", l.Why)
	case l.Sessions != figures.Sessions:
		return fmt.Errorf("%d sessions instead of %d", l.Sessions, figures.Sessions)
	case l.Meetings != len(figures.Meetings):
		return fmt.Errorf("%d meetings instead of %d", l.Meetings, len(figures.Meetings))
	case p.exact && l.Minutes != figures.Minutes.FloatString(2), off.Abs(off).Cmp(big.NewRat(1, 100)) > 0:
		return fmt.Errorf("%s minutes instead of %s", l.Minutes, figures.Minutes.FloatString(2))
	}
	return nil
}

// ownCPU is what this process has used so far, in user and in system mode.
func ownCPU() time.Duration {
	var usage syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &usage); err != nil {
		return 0
	}
	return time.Duration(usage.Utime.Nano() + usage.Stime.Nano())
}
