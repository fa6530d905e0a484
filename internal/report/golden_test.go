package report_test

import (
	"bytes"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"golang.org/x/tools/txtar"

	"realtimekit-digest/internal/blockkit"
	"realtimekit-digest/internal/report"
	"realtimekit-digest/internal/sessions"
	simulator "realtimekit-digest/internal/simulator/realtimekit"
)

// golden is a report whose every form is in testdata.
type golden struct {
	name, about string
	report      report.Report
	// first must be in the first two lines of the text and in the first two
	// blocks below the header.
	first []string
	// never must not be in the text at all.
	never []string
}

// TestMessages compares every form of a report with the one in testdata. Run
// it with -update to write those files, and read the difference before
// committing it.
func TestMessages(t *testing.T) {
	cases := slices.Concat(usage(t), quietDays(t), incompletes(t), prices(t), calendars(t))
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			all := messages(t, c.report)
			checkReport(t, c.report)
			text := all[report.Native].Text
			archive := &txtar.Archive{Comment: []byte(c.about + "\n\n"), Files: []txtar.File{{Name: "text", Data: []byte(text + "\n")}}}
			for _, form := range forms {
				m := all[form]
				if m.Text != text {
					t.Errorf("%s: got text\n%s\nwant the same as in the other forms", form, m.Text)
				}
				checkFirst(t, c, m)
				if form == report.TextOnly {
					if m.Blocks != nil {
						t.Errorf("%s: got %d blocks, want none", form, len(m.Blocks))
					}
					continue
				}
				archive.Files = append(archive.Files, txtar.File{Name: form.String() + ".json", Data: []byte(legible(t, m.Blocks) + "\n")})
			}
			compare(t, c.name, txtar.Format(archive))
		})
	}
}

// live is a report of a moment at which sessions went on.
func live(r report.Report, n int) report.Report {
	r.Coverage.Live = n
	return r
}

func compare(t *testing.T, name string, got []byte) {
	t.Helper()
	path := filepath.Join("testdata", name+".txtar")
	if flag.Lookup("update").Value.String() == "true" {
		if err := os.WriteFile(path, got, 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatalf("%v (run with -update to write it)", err)
	}
	if bytes.Equal(want, got) {
		return
	}
	gots, wants := strings.Split(string(got), "\n"), strings.Split(string(want), "\n")
	for i := range gots {
		if i >= len(wants) || gots[i] != wants[i] {
			t.Errorf("%s differs from line %d on: got\n%s", path, i+1, gots[i])
			return
		}
	}
	t.Errorf("%s has more than %d lines", path, len(gots))
}

func checkFirst(t *testing.T, c golden, m blockkit.Message) {
	t.Helper()
	lines := strings.SplitN(m.Text, "\n", 3)
	beginning := strings.Join(lines[:min(2, len(lines))], "\n")
	var blocks strings.Builder
	for _, b := range m.Blocks[min(1, len(m.Blocks)):min(3, len(m.Blocks))] {
		if section, ok := b.(blockkit.Section); ok {
			blocks.WriteString(section.Text.Text + "\n")
		}
	}
	for _, want := range c.first {
		if !strings.Contains(beginning, want) {
			t.Errorf("got a text that begins with\n%s\nwant %q in it", beginning, want)
		}
		if m.Blocks != nil && !strings.Contains(blocks.String(), want) {
			t.Errorf("got blocks that begin with\n%s\nwant %q in them", blocks.String(), want)
		}
	}
	for _, never := range c.never {
		if strings.Contains(m.Text, never) {
			t.Errorf("got %q in\n%s", never, m.Text)
		}
	}
}

func usage(t *testing.T) []golden {
	w := friday(t)
	day := simulated(t, simulator.Generate(7, w.End.Add(time.Hour), 2), w)

	var many []sessions.Session
	for i := range 143 {
		many = append(many, session(t, fmt.Sprint("s", i), fmt.Sprintf("room-%03d", i), fmt.Sprint("Lesson ", i), fmt.Sprintf("%d.005", 1000-i)))
	}
	one := many[:101]

	var nasty []sessions.Session
	for i, title := range nastyTitles {
		nasty = append(nasty, session(t, fmt.Sprint("s", i), fmt.Sprintf("%08x-0000-4000-8000-000000000000", i), title, fmt.Sprint(100-i)))
	}
	nasty = append(nasty, session(t, "x", "", "Whose is this?", "0.5"), session(t, "y", "", "And this?", "0.5"))

	types := []sessions.Session{
		session(t, "1", "aaaaaa-bbbbbb", "All hands", "1200.25"), session(t, "2", "cccccc-dddddd", "Town hall", "800"),
		session(t, "3", "eeeeee-ffffff", "Tea", "12.5"), session(t, "4", "eeeeee-ffffff", "Tea", "7.5"),
	}
	types[1].Type, types[2].Type, types[3].Type = "webinar", "audio_room", "audio_room"
	var manyTypes []sessions.Session
	for i, kind := range []string{"a", "b", "webinar", "c", "d", "<!here>", "meeting", ""} {
		s := session(t, fmt.Sprint("s", i), "aaaaaa-bbbbbb", "All hands", "10")
		s.Type = kind
		s.Minutes = parse(t, fmt.Sprint(10+i))
		manyTypes = append(manyTypes, s)
	}

	return []golden{
		{name: "usual", about: "A usual day of the simulator.", report: usual(w, day), first: []string{"participant-minutes in ", "most by "}},
		{name: "many", about: "More meetings than any table names.", report: usual(w, many), first: []string{"143 meetings"}},
		{name: "many_by_one", about: "One meeting more than a table names.", report: usual(w, one), first: []string{"101 meetings"}},
		{name: "nasty", about: "Titles that want to be something else, and two sessions without a meeting.", report: usual(w, nasty),
			never: []string{"<", ">", "`", "Whose is this?", "And this?"}},
		{name: "types", about: "More than one type of session.", report: usual(w, types)},
		{name: "many_types", about: "More types than are named.", report: usual(w, manyTypes), never: []string{"<"}},
	}
}

func quietDays(t *testing.T) []golden {
	w := friday(t)
	open := window(t, "today", "2026-11-20T13:30:15Z", "Europe/Berlin")
	two := []sessions.Session{session(t, "1", "aaaaaa-bbbbbb", "Weekly planning", "42.5"), session(t, "2", "aaaaaa-bbbbbb", "Weekly planning", "0.25")}
	minute := []sessions.Session{session(t, "1", "aaaaaa-bbbbbb", "Weekly planning", "1")}
	none := []sessions.Session{session(t, "1", "aaaaaa-bbbbbb", "Weekly planning", "0"), session(t, "2", "cccccc-dddddd", "Demo", "0.0")}
	trace := []sessions.Session{session(t, "1", "aaaaaa-bbbbbb", "Weekly planning", "0.001")}
	unknown := slices.Clone(two[:1])
	unknown[0].Peak, unknown[0].Started = -1, time.Time{}
	return []golden{
		{name: "quiet", about: "One meeting.", report: usual(w, two), first: []string{"42.75 participant-minutes in 2 sessions of 1 meeting: Weekly planning."}},
		{name: "minute", about: "One of everything.", report: usual(w, minute), first: []string{"1 participant-minute in 1 session of 1 meeting"},
			never: []string{"1 sessions", "1 meetings", "1 pages", "1 participant-minutes"}},
		{name: "no_minutes", about: "Sessions, but no minutes: nobody used the most.", report: usual(w, none),
			first: []string{"0 participant-minutes in 2 sessions of 2 meetings."}, never: []string{"most by"}},
		{name: "trace", about: "A little is not nothing.", report: usual(w, trace), first: []string{"Less than 0.01 participant-minutes in 1 session"}},
		{name: "unknown_peak", about: "A session of which neither peak nor beginning is known.", report: usual(w, unknown)},
		{name: "empty", about: "A day without usage is no failure.", report: usual(w, nil),
			first: []string{"No session ended on Fri 20 Nov 2026", "RealtimeKit was asked and lists none"}, never: []string{"ncomplete", "cost", "$"}},
		{name: "empty_open", about: "A day without usage so far.", report: usual(open, nil),
			first: []string{"No session has ended on Fri 20 Nov 2026 so far"}, never: []string{"ncomplete"}},
		{name: "live", about: "A session goes on.", report: live(usual(w, two), 1), first: []string{"42.75"}},
		{name: "empty_days", about: "Days without usage.", report: usual(window(t, "last-week", "2026-11-25T06:00:00Z", "Asia/Kathmandu"), nil),
			first: []string{"No session ended from Mon 16 to Sun 22 Nov 2026, so"}},
		{name: "open", about: "A day that is not over.", report: usual(open, append(two[:2:2], session(t, "3", "cccccc-dddddd", "Demo", "100"))),
			first: []string{"so far; most by Demo"}},
	}
}

func incompletes(t *testing.T) []golden {
	w := friday(t)
	three := []sessions.Session{
		session(t, "1", "aaaaaa-bbbbbb", "Weekly planning", "123.999"), session(t, "2", "aaaaaa-bbbbbb", "Weekly planning", "0.25"),
		session(t, "3", "cccccc-dddddd", "Demo", "1100.5"),
	}
	with := func(all []sessions.Session, c sessions.Coverage, why ...string) report.Report {
		r := usual(w, all)
		c.Pages, c.Counted, c.Why = 7, len(all), why
		r.Coverage = c
		return r
	}
	tiny := []sessions.Session{session(t, "1", "aaaaaa-bbbbbb", "Weekly planning", "0.001")}
	return []golden{
		{name: "unreadable", about: "Rows that could not be read.", report: with(three,
			sessions.Coverage{Unique: 5, Unreadable: 2, Announced: 5, Expected: 5},
			"1 session could not be read: ended_at is null", `1 session could not be read: status is "<!channel>"`),
			first: []string{"Incomplete: 3 of 5 ended sessions counted; what is missing may belong to another day. 1 session", "At least 1,224 participant-minutes", "of those counted, most by Demo"},
			never: []string{"1,225", "<"}},
		{name: "nothing_counted", about: "No row could be read: nothing is known, which is not no usage.", report: with(nil,
			sessions.Coverage{Unique: 4, Unreadable: 4, Announced: 4, Expected: 4}, "4 sessions could not be read: minutes_consumed is missing"),
			first: []string{"Incomplete: 0 of 4 ended sessions counted; what is missing may belong to another day. 4 sessions", "does not mean that there was none"},
			never: []string{"lists none", "no participant-minutes", "$"}},
		{name: "unknown_total", about: "The list had no end.", report: with(three,
			sessions.Coverage{Unique: 3, Announced: -1, Expected: -1}, "the list had no end after 7 pages"),
			first: []string{"Incomplete: 3 of an unknown number of ended sessions counted. The list had no end", "At least "}},
		{name: "changed", about: "Nothing is missing, but a session changed while it was read.", report: with(three,
			sessions.Coverage{Unique: 3, Changed: 1, Announced: 3, Expected: 3}, "1 session changed while being read"),
			first: []string{"Incomplete: 3 of 3 ended sessions counted, but what was read does not add up. 1 session changed", "About 1,224 participant-minutes"}},
		{name: "tiny", about: "The least that it can be is not said to be nothing.", report: with(tiny,
			sessions.Coverage{Unique: 1, Announced: 3, Expected: 3}, "RealtimeKit announced 3 sessions and listed 1"),
			first: []string{"At least 0.001 participant-minutes in 1 session of 1 meeting"}, never: []string{"At least 0 ", "less than 0.01 p"}},
		{name: "stopped", about: "The time was over before the list was.", report: with(three,
			sessions.Coverage{Unique: 600, Announced: 13000, Expected: 13000, Bounded: true, AtMost: parse(t, "30999.2"), Live: 3},
			"reading stopped after 6 pages: RealtimeKit answered with an error (503)"),
			first: []string{"Incomplete: 3 of 12,403 ended sessions counted", "At least 1,224 participant-minutes in 3 sessions of 2 meetings; the 12,400 sessions not read used at most 31,000 more; of those counted, most by Demo"}},
		{name: "many_reasons", about: "More reasons than anyone reads.", report: with(three,
			sessions.Coverage{Unique: 200, Unreadable: 197, Announced: 200, Expected: 200},
			strings.Split(strings.Repeat("1 session could not be read: status is \"&&&\"|", 197), "|")...),
			first: []string{"3 of 200 ended sessions"}},
	}
}

func prices(t *testing.T) []golden {
	w := friday(t)
	known := []sessions.Session{session(t, "1", "aaaaaa-bbbbbb", "Weekly planning", "1000"), session(t, "2", "cccccc-dddddd", "Demo", "200")}
	known[0].AudioKnown, known[0].AudioOnly = true, parse(t, "400")
	half := slices.Clone(known)
	known[1].AudioKnown = true
	free := usual(w, half)
	free.Prices = report.Prices{}
	return []golden{
		{name: "split_known", about: "800 minutes at 0.002 and 400 at 0.0005.", report: usual(w, known), never: []string{"not known"}},
		{name: "split_unknown", about: "600 at 0.002, 400 at 0.0005 and 200 at either.", report: usual(w, half)},
		{name: "no_price", about: "Both prices are 0.", report: free, never: []string{"$", "cost"}},
	}
}

func calendars(t *testing.T) []golden {
	at := func(name, about, days, moment, zone string) golden {
		w := window(t, days, moment, zone)
		s := session(t, "1", "aaaaaa-bbbbbb", "Weekly planning", "42.5")
		s.Started, s.Ended = w.Start, w.Start.Add(time.Hour)
		return golden{name: name, about: about, report: usual(w, []sessions.Session{s})}
	}
	return []golden{
		at("days", "A week.", "last-week", "2026-11-25T06:00:00Z", "Europe/Berlin"),
		at("days_open", "A month that is not over.", "this-month", "2026-11-25T16:20:00Z", "America/New_York"),
		at("months", "Two months.", "2026-10-31..2026-11-01", "2026-11-25T06:00:00Z", "Europe/Berlin"),
		at("years", "Two years.", "2025-12-20..2026-01-10", "2026-11-25T06:00:00Z", "Asia/Kathmandu"),
		at("long_day", "A day of 25 hours.", "2026-10-25", "2026-11-25T06:00:00Z", "Europe/Berlin"),
		at("late_day", "A day that begins at one o'clock.", "2018-11-04", "2026-11-25T06:00:00Z", "America/Sao_Paulo"),
	}
}
