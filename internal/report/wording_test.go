package report

import (
	"testing"
	"time"

	"realtimekit-digest/internal/minutes"
	"realtimekit-digest/internal/period"
)

func mins(t *testing.T, number string) minutes.Minutes {
	t.Helper()
	m, err := minutes.Parse([]byte(number))
	if err != nil {
		t.Fatal(err)
	}
	return m
}

func TestCounted(t *testing.T) {
	t.Parallel()
	cases := []struct {
		n    int
		want string
	}{
		{0, "0 sessions"}, {1, "1 session"}, {2, "2 sessions"}, {999, "999 sessions"}, {1000, "1,000 sessions"},
		{12_843, "12,843 sessions"}, {100_000, "100,000 sessions"}, {1_234_567, "1,234,567 sessions"},
	}
	for _, c := range cases {
		if got := counted(c.n, "session"); got != c.want {
			t.Errorf("counted(%d): got %q, want %q", c.n, got, c.want)
		}
	}
}

func TestMinutesInWords(t *testing.T) {
	t.Parallel()
	cases := []struct{ minutes, exact, told, atLeast, atMost string }{
		{"0", "0.00", "0", "0", "0"},
		{"1e-18", "0.00", "less than 0.01", "0.000000000000000001", "0.01"},
		{"0.004", "0.00", "less than 0.01", "0.004", "0.01"},
		{"0.005", "0.01", "0.01", "0.005", "0.01"},
		{"0.01", "0.01", "0.01", "0.01", "0.01"},
		{"0.5", "0.50", "0.5", "0.5", "0.5"},
		{"1", "1.00", "1", "1", "1"},
		{"1.004", "1.00", "1", "1", "1.01"},
		{"7.016666666666667", "7.02", "7.02", "7.01", "7.02"},
		{"10", "10.00", "10", "10", "10"},
		{"99.5", "99.50", "99.5", "99.5", "99.5"},
		{"99.999", "100.00", "100", "99.99", "100"},
		{"100", "100.00", "100", "100", "100"},
		{"100.5", "100.50", "101", "100", "101"},
		{"12842.53", "12,842.53", "12,843", "12,842", "12,843"},
		{"1000000000", "1,000,000,000.00", "1,000,000,000", "1,000,000,000", "1,000,000,000"},
	}
	for _, c := range cases {
		m := mins(t, c.minutes)
		for _, f := range []struct {
			name, got, want string
		}{{"exact", exact(m), c.exact}, {"told", told(m), c.told}, {"atLeast", atLeast(m), c.atLeast}, {"atMost", atMost(m), c.atMost}} {
			if f.got != f.want {
				t.Errorf("%s(%s): got %q, want %q", f.name, c.minutes, f.got, f.want)
			}
		}
	}
}

func TestParticipantMinutes(t *testing.T) {
	t.Parallel()
	cases := []struct{ told, want string }{
		{"1", "1 participant-minute"}, {"0", "0 participant-minutes"}, {"1.5", "1.5 participant-minutes"}, {"11", "11 participant-minutes"},
		{"less than 0.01", "less than 0.01 participant-minutes"},
	}
	for _, c := range cases {
		if got := participantMinutes(c.told); got != c.want {
			t.Errorf("got %q, want %q", got, c.want)
		}
	}
}

func TestCapital(t *testing.T) {
	t.Parallel()
	cases := []struct{ s, want string }{{"", ""}, {"less", "Less"}, {"12", "12"}, {"RealtimeKit", "RealtimeKit"}, {"él", "Él"}}
	for _, c := range cases {
		if got := capital(c.s); got != c.want {
			t.Errorf("got %q, want %q", got, c.want)
		}
	}
}

func TestShare(t *testing.T) {
	t.Parallel()
	cases := []struct{ part, whole, want string }{
		{"0", "0", "0.0%"}, {"0", "5", "0.0%"}, {"5", "5", "100.0%"}, {"1", "3", "33.3%"}, {"2", "3", "66.7%"},
		{"1e-18", "1000000000", "0.0%"}, {"999.6", "1000", "100.0%"}, {"1e-18", "1e-18", "100.0%"},
	}
	for _, c := range cases {
		if got := percent(share(mins(t, c.part), mins(t, c.whole))); got != c.want {
			t.Errorf("%s of %s: got %q, want %q", c.part, c.whole, got, c.want)
		}
	}
}

func TestPeak(t *testing.T) {
	t.Parallel()
	for n, want := range map[int]string{-1: "–", 0: "0", 1234: "1,234"} {
		if got := peak(n); got != want {
			t.Errorf("peak(%d): got %q, want %q", n, got, want)
		}
	}
}

func TestDollars(t *testing.T) {
	t.Parallel()
	cases := []struct {
		amount float64
		want   string
	}{
		{0, "$0.00"}, {0.001, "less than $0.01"}, {0.0051, "$0.01"}, {0.01, "$0.01"}, {0.999, "$1.00"}, {25.685, "$25.68"},
		{1204.5, "$1,204.50"}, {999_999.999, "$1,000,000.00"},
	}
	for _, c := range cases {
		if got := dollars(c.amount); got != c.want {
			t.Errorf("dollars(%v): got %q, want %q", c.amount, got, c.want)
		}
	}
}

func TestCost(t *testing.T) {
	t.Parallel()
	cases := []struct {
		name                    string
		minutes, audio, unsplit string
		prices                  Prices
		low, high               float64
	}{
		{"nothing", "0", "0", "0", Prices{0.002, 0.0005}, 0, 0},
		{"all with video", "1000", "0", "0", Prices{0.002, 0.0005}, 2, 2},
		{"some without", "1000", "400", "0", Prices{0.002, 0.0005}, 1.4, 1.4},
		{"nobody knows", "1000", "0", "1000", Prices{0.002, 0.0005}, 0.5, 2},
		{"nobody knows of some", "1000", "400", "200", Prices{0.002, 0.0005}, 1.1, 1.4},
		{"audio costs more", "1000", "0", "1000", Prices{0.0005, 0.002}, 0.5, 2},
		{"audio is free", "1000", "400", "200", Prices{0.002, 0}, 0.8, 1.2},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			low, high := c.prices.Cost(Summary{Minutes: mins(t, c.minutes), AudioOnly: mins(t, c.audio), Unsplit: mins(t, c.unsplit)})
			const tolerance = 1e-9
			if max(low-c.low, c.low-low, high-c.high, c.high-high) > tolerance {
				t.Errorf("got %v to %v, want %v to %v", low, high, c.low, c.high)
			}
		})
	}
}

func TestCalendar(t *testing.T) {
	t.Parallel()
	cases := []struct{ name, period, moment, zone, days, on, span string }{
		{"a day", "2026-11-21", "2026-11-25T06:00:00Z", "Europe/Berlin",
			"Sat 21 Nov 2026", "on Sat 21 Nov 2026", "00:00–24:00 Europe/Berlin"},
		{"a week", "last-week", "2026-11-25T06:00:00Z", "UTC",
			"Mon 16 – Sun 22 Nov 2026", "from Mon 16 to Sun 22 Nov 2026", "Mon 16 Nov 00:00 – Sun 22 Nov 24:00 UTC"},
		{"two months", "2026-10-31..2026-11-01", "2026-11-25T06:00:00Z", "UTC",
			"Sat 31 Oct – Sun 1 Nov 2026", "from Sat 31 Oct to Sun 1 Nov 2026", "Sat 31 Oct 00:00 – Sun 1 Nov 24:00 UTC"},
		{"two years", "2025-12-31..2026-01-01", "2026-11-25T06:00:00Z", "UTC",
			"Wed 31 Dec 2025 – Thu 1 Jan 2026", "from Wed 31 Dec 2025 to Thu 1 Jan 2026", "Wed 31 Dec 00:00 – Thu 1 Jan 24:00 UTC"},
		{"25 hours", "2026-10-25", "2026-11-25T06:00:00Z", "Europe/Berlin",
			"Sun 25 Oct 2026", "on Sun 25 Oct 2026", "00:00–24:00 Europe/Berlin"},
		{"no midnight", "2018-11-04", "2026-11-25T06:00:00Z", "America/Sao_Paulo",
			"Sun 4 Nov 2018", "on Sun 4 Nov 2018", "01:00–24:00 America/Sao_Paulo"},
		{"a day that is not over", "today", "2026-11-20T13:30:15Z", "Asia/Kathmandu",
			"Fri 20 Nov 2026", "on Fri 20 Nov 2026", "00:00–19:15 Asia/Kathmandu"},
		{"a week that is not over", "this-week", "2026-11-20T13:30:15Z", "UTC",
			"Mon 16 – Fri 20 Nov 2026", "from Mon 16 to Fri 20 Nov 2026", "Mon 16 Nov 00:00 – Fri 20 Nov 13:30 UTC"},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			p, err := period.Parse(c.period)
			if err != nil {
				t.Fatal(err)
			}
			now, err := time.Parse(time.RFC3339, c.moment)
			if err != nil {
				t.Fatal(err)
			}
			zone, err := period.LoadZone(c.zone)
			if err != nil {
				t.Fatal(err)
			}
			w, err := p.Window(now, zone)
			if err != nil {
				t.Fatal(err)
			}
			if days(w) != c.days || on(w) != c.on || span(w) != c.span {
				t.Errorf("got %q, %q, %q, want %q, %q, %q", days(w), on(w), span(w), c.days, c.on, c.span)
			}
		})
	}
}
