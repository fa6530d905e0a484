package main

import (
	"cmp"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"
)

// The goals for the reader.
const (
	lessCPU   = 10   // times less than the plain loop
	lessBytes = 50   // times less than the plain loop
	overIdeal = 1.15 // times pages × latency ÷ workers
	mostRSS   = 40e6 // bytes
)

// row is one line of the table.
type row struct {
	what, plain, reader, ratio, goal, met string
}

// compared is a row whose goal is a ratio, 0 for none. Wanted is the smallest
// number of times that the plain loop must need of what the reader needs.
func compared(what string, plain, reader, wanted float64, unit string) row {
	r := row{what: what, plain: amount(plain, unit), reader: amount(reader, unit)}
	if plain > 0 && reader > 0 {
		r.ratio = strconv.FormatFloat(plain/reader, 'f', 1, 64)
		if wanted > 0 {
			r.goal, r.met = fmt.Sprintf("ratio ≥ %g", wanted), yesNo(plain/reader >= wanted)
		}
	}
	return r
}

// rows are the table's.
func (r results) rows() []row {
	var rows []row
	each := float64(r.sessions)
	for _, s := range r.at {
		cpu := func(t trial) float64 { return float64(t.CPU.Nanoseconds()) / 1e3 / each }
		rows = append(rows, compared("CPU per session, "+short(s.latency), median(s.plain, cpu), median(s.reader, cpu), lessCPU, "µs"))
	}
	for _, s := range r.at {
		cpu := func(t trial) float64 { return float64(t.process.Nanoseconds()) / 1e3 / each }
		rows = append(rows, compared("… with the process's start and end, "+short(s.latency), median(s.plain, cpu), median(s.reader, cpu), 0, "µs"))
	}
	plain, reader := r.all()
	allocated := func(t trial) float64 { return float64(t.Allocated) / each }
	rows = append(rows, compared("bytes allocated per session", least(plain, allocated), most(reader, allocated), lessBytes, "B"))
	heap := func(t trial) float64 { return float64(t.PeakHeap) }
	rows = append(rows, compared("peak heap, sampled", most(plain, heap), most(reader, heap), 0, "MB"))
	rss := func(t trial) float64 { return float64(t.PeakRSS) }
	memory := compared("peak memory of the process", most(plain, rss), most(reader, rss), 0, "MB")
	memory.goal, memory.met = "< "+amount(mostRSS, "MB"), yesNo(most(reader, rss) < mostRSS)
	rows = append(rows, memory)
	for _, s := range r.at {
		// That is slower than ideal by the machine's timers and the simulator.
		floor := row{what: "… for " + clients(s.workers) + " the pages away", reader: short(s.discard)}
		if s.discard > 0 {
			floor.met = fmt.Sprintf("reader ÷ this %.2f", median(s.reader, func(t trial) float64 { return float64(t.Wall) })/float64(s.discard))
		}
		rows = append(rows, r.wall(s), floor)
	}
	requests := func(t trial) float64 { return float64(t.requests) }
	return append(rows, compared("requests, at most", most(plain, requests), most(reader, requests), 0, ""))
}

// wall is the row of the time at one latency.
func (r results) wall(s series) row {
	wall := func(t trial) float64 { return float64(t.Wall) }
	took := median(s.reader, wall)
	line := row{what: "wall time, " + short(s.latency), reader: short(time.Duration(took))}
	if plain := median(s.plain, wall); plain > 0 {
		line.plain, line.ratio = short(time.Duration(plain)), strconv.FormatFloat(plain/took, 'f', 1, 64)
	}
	if s.latency > 0 {
		ideal := s.ideal(r.pages)
		limit := time.Duration(overIdeal * float64(ideal))
		line.goal = fmt.Sprintf("≤ %s (%g × %s × %s ÷ %d)", short(limit), overIdeal, grouped(r.pages), short(s.latency), s.workers)
		line.met = fmt.Sprintf("%s (%.2f ×)", yesNo(took <= float64(limit)), took/float64(ideal))
	}
	return line
}

// ideal is pages × latency ÷ workers.
func (s series) ideal(pages int) time.Duration {
	return time.Duration(pages) * s.latency / time.Duration(max(1, s.workers))
}

// notes say what the numbers depend on.
func (r results) notes() []string {
	var notes []string
	for _, s := range r.at {
		wall := median(s.reader, func(t trial) float64 { return float64(t.Wall) })
		serving := median(s.reader, func(t trial) float64 { return float64(t.serving) })
		note := fmt.Sprintf("At %s latency the reader had at most %.0f requests under way; the simulator used %s of CPU while it read for %s.",
			short(s.latency), most(s.reader, func(t trial) float64 { return float64(t.inFlight) }), short(time.Duration(serving)), short(time.Duration(wall)))
		switch limit := overIdeal * float64(s.ideal(r.pages)); {
		case s.latency > 0 && float64(s.discard) > limit:
			note += fmt.Sprintf(" The goal cannot be met here: by this machine's timers and the simulator's serving, throwing the pages away takes %.2f × the ideal time itself.",
				float64(s.discard)/float64(s.ideal(r.pages)))
		case wall < 1.25*float64(s.discard):
			note += " The reader takes hardly longer than throwing the pages away: what is left is the service's time."
		}
		notes = append(notes, note)
	}
	if r.plain.path == "" {
		notes = append(notes, "The plain loop was left out.")
	}
	if r.repeat > 1 {
		notes = append(notes, fmt.Sprintf("Each is the median of %d runs. Bytes, memory and requests are the extremes of all runs: the plain loop's fewest bytes, else the most.", r.repeat))
	} else {
		notes = append(notes, "Bytes, memory and requests are the extremes over the latencies: the plain loop's fewest bytes, else the most.")
	}
	return append(notes, "Every run's sessions, minutes and meetings were equal to the independent recount.")
}

// all are the trials of each program at all latencies.
func (r results) all() (plain, reader []trial) {
	for _, s := range r.at {
		plain, reader = append(plain, s.plain...), append(reader, s.reader...)
	}
	return plain, reader
}

// values are sorted; those of no trials are one zero.
func values(trials []trial, of func(trial) float64) []float64 {
	if len(trials) == 0 {
		return []float64{0}
	}
	list := make([]float64, len(trials))
	for i, t := range trials {
		list[i] = of(t)
	}
	slices.SortFunc(list, cmp.Compare[float64])
	return list
}

func median(trials []trial, of func(trial) float64) float64 {
	list := values(trials, of)
	return (list[(len(list)-1)/2] + list[len(list)/2]) / 2
}

func least(trials []trial, of func(trial) float64) float64 { return values(trials, of)[0] }

func most(trials []trial, of func(trial) float64) float64 { return slices.Max(values(trials, of)) }

// clients is who does nothing with a page.
func clients(n int) string {
	if n == 1 {
		return "1 client that throws"
	}
	return strconv.Itoa(n) + " clients that throw"
}

func yesNo(met bool) string {
	if met {
		return "yes"
	}
	return "NO"
}

// amount writes a number with its unit; nothing is measured as zero.
func amount(n float64, unit string) string {
	switch {
	case n == 0:
		return "–"
	case unit == "MB":
		return fmt.Sprintf("%.1f MB", n/1e6)
	case unit == "µs":
		return fmt.Sprintf("%.2f µs", n)
	}
	return strings.TrimSpace(grouped(int(n+0.5)) + " " + unit)
}

// short writes a duration for a table.
func short(d time.Duration) string {
	if d < time.Second {
		return fmt.Sprintf("%.0f ms", float64(d)/1e6)
	}
	return fmt.Sprintf("%.2f s", d.Seconds())
}

// grouped writes a number with commas between its thousands.
func grouped(n int) string {
	text := strconv.Itoa(n)
	for i := len(text) - 3; i > 0; i -= 3 {
		text = text[:i] + "," + text[i:]
	}
	return text
}
