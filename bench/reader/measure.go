package main

// This file is the same, byte for byte, in bench/plain and bench/reader, which
// are in different modules; the test in bench/compare sees to it.

import (
	"bufio"
	"encoding/json"
	"flag"
	"fmt"
	"io"
	"os"
	"runtime"
	"runtime/metrics"
	"strings"
	"syscall"
	"time"
)

// lookback is how much earlier than the window's start a session may have
// been created and still be asked for.
const lookback = 48 * time.Hour

// task is what the harness asks for.
type task struct {
	url, account, app, token string
	start, end, now          time.Time
	quota                    int // requests per five minutes; the plain loop knows no quota
}

func parseTask(args []string) (task, error) {
	var t task
	flags := flag.NewFlagSet("", flag.ContinueOnError)
	flags.StringVar(&t.url, "url", "", "base `URL` of the API")
	flags.StringVar(&t.account, "account", "", "account `id`")
	flags.StringVar(&t.app, "app", "", "app `id`")
	flags.StringVar(&t.token, "token", "", "API `token`")
	flags.IntVar(&t.quota, "quota", 1_000_000, "requests per five minutes")
	moments := map[string]*time.Time{"start": &t.start, "end": &t.end, "now": &t.now}
	for name, moment := range moments {
		flags.Func(name, "`moment` in RFC 3339", func(text string) (err error) {
			*moment, err = time.Parse(time.RFC3339, text)
			return err
		})
	}
	if err := flags.Parse(args); err != nil {
		return task{}, err
	}
	if flags.NArg() > 0 || t.url == "" || t.account == "" || t.app == "" || t.token == "" || t.start.IsZero() || t.end.IsZero() || t.now.IsZero() {
		return task{}, fmt.Errorf("wants -url, -account, -app, -token, -start, -end and -now, and nothing else than -quota")
	}
	return t, nil
}

// result is the line that is printed at the end.
type result struct {
	Sessions int    `json:"sessions"`
	Minutes  string `json:"minutes"` // participant-minutes with two decimals
	Meetings int    `json:"meetings"`
	Requests int    `json:"requests"` // as the program counts them itself
	Complete bool   `json:"complete"`
	Why      string `json:"why,omitempty"` // it is not complete

	// Of the read alone, without the program's start.
	WallNS    int64  `json:"wall_ns"`
	CPUNS     int64  `json:"cpu_ns"`
	Allocated uint64 `json:"allocated"` // bytes
	PeakHeap  uint64 `json:"peak_heap"` // bytes, sampled

	// StartCPUNS is what the process used before the read.
	StartCPUNS int64 `json:"start_cpu_ns"`
	// PeakRSS is the process's largest resident set in bytes, at the end.
	PeakRSS uint64 `json:"peak_rss"`
}

// measure runs read and fills in what it cost.
func measure(read func() error) (result, error) {
	stop, peak := make(chan struct{}), make(chan uint64)
	go samplePeak(stop, peak)
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	cpu, begun := cpuTime(), time.Now()
	err := read()
	wall, used := time.Since(begun), cpuTime()-cpu
	runtime.ReadMemStats(&after)
	close(stop)
	return result{
		WallNS: wall.Nanoseconds(), CPUNS: used.Nanoseconds(), StartCPUNS: cpu.Nanoseconds(),
		Allocated: after.TotalAlloc - before.TotalAlloc, PeakHeap: <-peak,
	}, err
}

// samplePeak sends the most heap that was in use at any of its samples. They
// are far apart because waking up for one costs more than the sample itself: a
// tenth as far, they were a quarter of the CPU of a reader that mostly waits.
// They do not stop the program as runtime.ReadMemStats would.
func samplePeak(stop <-chan struct{}, peak chan<- uint64) {
	sample := []metrics.Sample{{Name: "/memory/classes/heap/objects:bytes"}}
	most := uint64(0)
	ticker := time.NewTicker(100 * time.Millisecond)
	defer ticker.Stop()
	for {
		metrics.Read(sample)
		most = max(most, sample[0].Value.Uint64())
		select {
		case <-ticker.C:
		case <-stop:
			peak <- most
			return
		}
	}
}

// cpuTime is what the process has used so far, in user and in system mode.
func cpuTime() time.Duration {
	var usage syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &usage); err != nil {
		return 0
	}
	return time.Duration(usage.Utime.Nano() + usage.Stime.Nano())
}

// peakRSS is the largest resident set of the process so far. Linux hands the
// parent's peak down through exec in ru_maxrss, so /proc comes first.
func peakRSS() uint64 {
	if file, err := os.Open("/proc/self/status"); err == nil {
		defer file.Close()
		for lines := bufio.NewScanner(file); lines.Scan(); {
			var kilobytes uint64
			if rest, ok := strings.CutPrefix(lines.Text(), "VmHWM:"); ok {
				if n, err := fmt.Sscanf(rest, "%d kB", &kilobytes); n == 1 && err == nil {
					return kilobytes << 10
				}
			}
		}
	}
	var usage syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &usage); err != nil {
		return 0
	}
	if runtime.GOOS == "darwin" {
		return uint64(usage.Maxrss)
	}
	return uint64(usage.Maxrss) << 10
}

// print writes the line for the harness.
func (r result) print(w io.Writer) error {
	r.PeakRSS = peakRSS()
	return json.NewEncoder(w).Encode(r)
}
