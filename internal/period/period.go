// Package period turns the name of a period into a window of time.
//
// "yesterday" is a question about a calendar on a wall, and the services that
// answer it only know instants. In between are days of 23 and 25 hours, days
// that begin at one in the morning, and days that a country left out. The
// package goes the way in two steps. [Parse] reads a name into a [Period],
// which says nothing about when or where. [Period.Window] binds it to a moment
// and a time zone and gives a [Window]: whole local calendar days, from the
// first instant of the first up to and without the first instant after the
// last. [StartOfDay] decides where one day stops and the next begins, and
// decides it so that the days of a zone lie end to end: every instant is in
// exactly one of them, so what happened in it is counted once.
//
// The package is pure. It never asks for the time; it only reads zone data, in
// [LoadZone]. What it cannot read exactly it refuses, with an error for the
// person who wrote it: nothing is guessed or cut short.
package period

import (
	"fmt"
	"strconv"
	"strings"
)

// The years of a moment or a named date, both included: far enough for anyone
// who means it, and near enough to catch a clock or a unit that is wrong.
const (
	minYear = 2000
	maxYear = 2199
)

// maxDays is the most days that a period can name: the longest quarter.
const maxDays = 92

// accepted ends the errors about a period that is not one of these.
const accepted = "use today, yesterday, 1d to 92d (such as 7d), last-week, last-month, this-week, this-month, " +
	"a day such as 2026-11-20 or days such as 2026-11-01..2026-11-15"

// Period is a period as it was named, not yet bound to a moment or a zone.
// Periods can be compared with ==. The zero Period names nothing: it has no
// window and an empty String.
type Period struct {
	kind        kind
	days        int  // lastDays only: 1 to maxDays
	first, last Date // named only: both included, in order, at most maxDays
}

type kind int

const (
	today kind = iota + 1
	yesterday
	lastDays
	thisWeek
	lastWeek
	thisMonth
	lastMonth
	named
)

var keywords = map[kind]string{
	today:     "today",
	yesterday: "yesterday",
	thisWeek:  "this-week",
	lastWeek:  "last-week",
	thisMonth: "this-month",
	lastMonth: "last-month",
}

// Parse reads a period:
//
//	today, this-week, this-month   until the moment of asking
//	yesterday                      the last whole day
//	1d to 92d                      that many whole days up to and with yesterday
//	last-week                      Monday to Sunday
//	last-month                     from its first to its last day
//	2026-11-20                     that day
//	2026-11-01..2026-11-15         those days, both included, 92 at most
//
// White space around it is ignored. Otherwise the spelling is exact: it is read
// from machines' settings, where "7D" is more likely a mistake than a wish.
// Dates must be in the years 2000 to 2199.
func Parse(s string) (Period, error) {
	s = strings.TrimSpace(s)
	for kind, word := range keywords {
		if s == word {
			return Period{kind: kind}, nil
		}
	}
	if digits, ok := strings.CutSuffix(s, "d"); ok && isDigits(digits) {
		return parseDays(s, digits)
	}
	from, to, isRange := strings.Cut(s, "..")
	if !isRange {
		to = from
	}
	return parseNamed(s, from, to)
}

// String returns the spelling that Parse reads back into the same period. A
// range of one day is spelled as that day.
func (p Period) String() string {
	switch p.kind {
	case lastDays:
		return strconv.Itoa(p.days) + "d"
	case named:
		if p.first == p.last {
			return p.first.String()
		}
		return p.first.String() + ".." + p.last.String()
	default:
		return keywords[p.kind]
	}
}

func parseDays(s, digits string) (Period, error) {
	// Atoi fails only for a number that does not fit, which is too long as well.
	n, err := strconv.Atoi(digits)
	if err != nil || n < 1 || n > maxDays {
		return Period{}, fmt.Errorf("period %s is not 1 to %d whole days: use 1d to %dd, such as 7d", quote(s), maxDays, maxDays)
	}
	if digits[0] == '0' {
		return Period{}, unreadable(s)
	}
	return Period{kind: lastDays, days: n}, nil
}

// parseNamed reads the first and the last day of s, which are the same text
// where s is a single day.
func parseNamed(s, from, to string) (Period, error) {
	if !isDateShaped(from) || !isDateShaped(to) {
		return Period{}, unreadable(s)
	}
	for _, text := range []string{from, to} {
		d, ok := parseDate(text)
		if !ok {
			return Period{}, fmt.Errorf("period %s: the calendar has no %s; use a day such as 2026-11-20", quote(s), text)
		}
		if d.Year < minYear || d.Year > maxYear {
			return Period{}, fmt.Errorf("period %s: %s is outside the years %d to %d; use a day such as 2026-11-20", quote(s), text, minYear, maxYear)
		}
	}
	first, _ := parseDate(from)
	last, _ := parseDate(to)
	if first.Compare(last) > 0 {
		return Period{}, fmt.Errorf("period %s ends before it starts: use the earlier day first, such as %s..%s", quote(s), last, first)
	}
	if n := first.daysUntil(last) + 1; n > maxDays {
		return Period{}, fmt.Errorf("period %s is %d days long: use at most %d, such as %s..%s", quote(s), n, maxDays, first, first.AddDays(maxDays-1))
	}
	return Period{kind: named, first: first, last: last}, nil
}

func unreadable(s string) error {
	if s == "" {
		return fmt.Errorf("period is empty: %s", accepted)
	}
	return fmt.Errorf("period %s cannot be read: %s", quote(s), accepted)
}

// quote quotes what was read for an error. The longest period has 22 bytes; of
// something much longer the beginning says enough.
func quote(s string) string {
	const enough = 40
	if len(s) > enough {
		return fmt.Sprintf("%.40q… (%d bytes)", s, len(s))
	}
	return strconv.Quote(s)
}

func isDigits(s string) bool {
	for i := range len(s) {
		if s[i] < '0' || s[i] > '9' {
			return false
		}
	}
	return s != ""
}

// isDateShaped reports whether s is written like a date, whether or not there
// is such a date.
func isDateShaped(s string) bool {
	return len(s) == len("2006-01-02") && s[4] == '-' && s[7] == '-' &&
		isDigits(s[:4]) && isDigits(s[5:7]) && isDigits(s[8:])
}
