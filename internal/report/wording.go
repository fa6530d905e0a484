package report

import (
	"fmt"
	"math"
	"strconv"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"realtimekit-digest/internal/minutes"
	"realtimekit-digest/internal/period"
)

// number writes a count: "12,843".
func number(n int) string { return commas(strconv.Itoa(n)) }

// counted writes a count and what is counted: "1 session", "643 sessions".
func counted(n int, one string) string {
	if n == 1 {
		return "1 " + one
	}
	return number(n) + " " + one + "s"
}

// exact writes minutes as a table does, with two decimals: "12,842.53".
func exact(m minutes.Minutes) string {
	whole, cents, _ := strings.Cut(m.Fixed(2), ".")
	return commas(whole) + "." + cents
}

// told writes minutes as a sentence does: whole ones when there are many,
// never a zero for a little.
func told(m minutes.Minutes) string {
	switch {
	case m.IsZero():
		return "0"
	case m.Cmp(minutes.Whole(100)) >= 0:
		return commas(m.Fixed(0))
	case m.Fixed(2) == "0.00":
		return "less than 0.01"
	}
	return strings.TrimSuffix(strings.TrimRight(m.Fixed(2), "0"), ".")
}

// atLeast is told for minutes of which more may come: never rounded up.
func atLeast(m minutes.Minutes) string {
	whole, fraction, _ := strings.Cut(m.Fixed(18), ".")
	switch {
	case m.Cmp(minutes.Whole(100)) >= 0:
		return commas(whole)
	case whole == "0" && strings.HasPrefix(fraction, "00"):
		return m.String()
	}
	return strings.TrimSuffix(strings.TrimRight(whole+"."+fraction[:2], "0"), ".")
}

// atMost is told for minutes of which there may be fewer: never rounded down.
func atMost(m minutes.Minutes) string {
	unit := minutes.Whole(1)
	if m.IsZero() {
		return "0"
	}
	if m.Cmp(minutes.Whole(100)) < 0 {
		unit, _ = minutes.Parse([]byte("0.01"))
	}
	least, _ := minutes.Parse([]byte("1e-18"))
	return atLeast(m.Add(unit).Sub(least))
}

// commas separates the thousands of a whole number.
func commas(digits string) string {
	for i := len(digits) - 3; i > 0; i -= 3 {
		digits = digits[:i] + "," + digits[i:]
	}
	return digits
}

// participantMinutes writes told minutes with their unit.
func participantMinutes(told string) string {
	if told == "1" {
		return "1 participant-minute"
	}
	return told + " participant-minutes"
}

// capital begins a sentence.
func capital(s string) string {
	first, size := utf8.DecodeRuneInString(s)
	if size == 0 {
		return s
	}
	return string(unicode.ToUpper(first)) + s[size:]
}

// share is a part of a whole in per cent with one decimal, 0 of nothing.
func share(part, whole minutes.Minutes) float64 {
	if whole.IsZero() {
		return 0
	}
	return math.Round(part.Float()/whole.Float()*1000) / 10
}

func percent(p float64) string { return fmt.Sprintf("%.1f%%", p) }

// peak writes a peak concurrency, which may be unknown.
func peak(n int) string {
	if n < 0 {
		return "–"
	}
	return number(n)
}

// days names a window's calendar days: "Sat 21 Nov 2026", or
// "Mon 16 – Sun 22 Nov 2026".
func days(w period.Window) string {
	first, last := date(w.First), date(w.Last)
	switch {
	case w.First == w.Last:
		return last.Format("Mon 2 Jan 2006")
	case w.First.Year != w.Last.Year:
		return first.Format("Mon 2 Jan 2006") + " – " + last.Format("Mon 2 Jan 2006")
	case w.First.Month != w.Last.Month:
		return first.Format("Mon 2 Jan") + " – " + last.Format("Mon 2 Jan 2006")
	}
	return first.Format("Mon 2") + " – " + last.Format("Mon 2 Jan 2006")
}

// span names a window's hours: "00:00–24:00 Europe/Berlin". A day may begin
// later than at midnight, and an open window ends within one.
func span(w period.Window) string {
	from, to := w.Start.In(w.Zone).Format("15:04"), "24:00"
	if w.Open {
		to = w.End.In(w.Zone).Format("15:04")
	}
	if w.First != w.Last {
		from = date(w.First).Format("Mon 2 Jan ") + from
		to = date(w.Last).Format("Mon 2 Jan ") + to
		return from + " – " + to + " " + w.Zone.String()
	}
	return from + "–" + to + " " + w.Zone.String()
}

// on is days in a sentence: "on Sat 21 Nov 2026", or "from Mon 16 to Sun 22
// Nov 2026".
func on(w period.Window) string {
	if w.First == w.Last {
		return "on " + days(w)
	}
	return "from " + strings.Replace(days(w), " – ", " to ", 1)
}

// date is a calendar day for Format; no zone plays a part in it.
func date(d period.Date) time.Time {
	return time.Date(d.Year, d.Month, d.Day, 0, 0, 0, 0, time.UTC)
}
