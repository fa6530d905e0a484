package period_test

import (
	"strings"
	"testing"

	"realtimekit-digest/internal/period"
)

func TestParse(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name, text string
		want       string // String; the text itself if empty
	}{
		{name: "today", text: "today"},
		{name: "yesterday", text: "yesterday"},
		{name: "this week", text: "this-week"},
		{name: "last week", text: "last-week"},
		{name: "this month", text: "this-month"},
		{name: "last month", text: "last-month"},
		{name: "one day", text: "1d"},
		{name: "a week of days", text: "7d"},
		{name: "the most days", text: "92d"},
		{name: "a day", text: "2026-11-20"},
		{name: "29 February", text: "2028-02-29"},
		{name: "the first day there is", text: "2000-01-01"},
		{name: "the last day there is", text: "2199-12-31"},
		{name: "a range", text: "2026-11-01..2026-11-15"},
		{name: "a range of the most days", text: "2026-07-01..2026-09-30"},
		{name: "a range of one day is that day", text: "2026-11-20..2026-11-20", want: "2026-11-20"},
		{name: "space around it", text: " \t7d\n", want: "7d"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			p, err := period.Parse(tt.text)
			if err != nil {
				t.Fatal(err)
			}
			want := tt.want
			if want == "" {
				want = tt.text
			}
			if got := p.String(); got != want {
				t.Errorf("String is %q, want %q", got, want)
			}
			again, err := period.Parse(p.String())
			if err != nil || again != p {
				t.Errorf("Parse of its String gives %v, %v", again, err)
			}
		})
	}
}

func TestParseRefuses(t *testing.T) {
	t.Parallel()
	const example = "2026-11-20"
	tests := []struct {
		name, text string
		wants      []string
	}{
		{"nothing", "", []string{"empty", "yesterday", example}},
		{"only space", "  ", []string{"empty", "yesterday"}},
		{"another word", "tomorrow", []string{`"tomorrow" cannot be read`, "yesterday", "last-week", "1d to 92d", example}},
		{"upper case", "Yesterday", []string{`"Yesterday" cannot be read`, "yesterday"}},
		{"a word and more", "yesterday 7d", []string{`"yesterday 7d" cannot be read`}},
		{"space within", "last week", []string{`"last week" cannot be read`, "last-week"}},

		{"no days", "0d", []string{`"0d" is not 1 to 92 whole days`, "1d to 92d"}},
		{"a day too many", "93d", []string{`"93d"`, "1d to 92d", "7d"}},
		{"more days than fit a number", "99999999999999999999d", []string{`"99999999999999999999d"`, "1d to 92d"}},
		{"negative days", "-7d", []string{`"-7d" cannot be read`}},
		{"signed days", "+7d", []string{`"+7d" cannot be read`}},
		{"leading zero", "07d", []string{`"07d" cannot be read`, "7d"}},
		{"half a day", "1.5d", []string{`"1.5d" cannot be read`}},
		{"no number", "d", []string{`"d" cannot be read`}},
		{"digits of another script", "٧d", []string{`"٧d" cannot be read`}},
		{"another unit", "2w", []string{`"2w" cannot be read`}},
		{"upper-case unit", "7D", []string{`"7D" cannot be read`}},

		{"30 February", "2026-02-30", []string{`"2026-02-30"`, "the calendar has no 2026-02-30"}},
		{"29 February in a common year", "2026-02-29", []string{"the calendar has no 2026-02-29"}},
		{"day 0", "2026-11-00", []string{"the calendar has no 2026-11-00"}},
		{"month 13", "2026-13-01", []string{"the calendar has no 2026-13-01"}},
		{"short month and day", "2026-1-2", []string{`"2026-1-2" cannot be read`, example}},
		{"slashes", "2026/11/20", []string{`"2026/11/20" cannot be read`}},
		{"another order", "20-11-2026", []string{`"20-11-2026" cannot be read`}},
		{"only a month", "2026-11", []string{`"2026-11" cannot be read`}},
		{"a time of day too", "2026-11-20T00:00:00Z", []string{"cannot be read"}},
		{"signed year", "-026-11-20", []string{"cannot be read"}},
		{"a year too early", "1999-12-31", []string{"1999-12-31 is outside the years 2000 to 2199"}},
		{"a year too late", "2200-01-01", []string{"2200-01-01 is outside the years 2000 to 2199"}},

		{"range backwards", "2026-11-15..2026-11-01", []string{"ends before it starts", "2026-11-01..2026-11-15"}},
		{"range too long by a day", "2026-07-01..2026-10-01", []string{"93 days", "at most 92", "2026-07-01..2026-09-30"}},
		{"range of all years", "2000-01-01..2199-12-31", []string{"73049 days", "at most 92"}},
		{"range without an end", "2026-11-01..", []string{"cannot be read", "2026-11-01..2026-11-15"}},
		{"range without a start", "..2026-11-01", []string{"cannot be read"}},
		{"range of three", "2026-11-01..2026-11-02..2026-11-03", []string{"cannot be read"}},
		{"range of three dots", "2026-11-01...2026-11-02", []string{"cannot be read"}},
		{"range with spaces", "2026-11-01 .. 2026-11-02", []string{"cannot be read"}},
		{"range with a word", "2026-11-01..today", []string{"cannot be read"}},
		{"range to no day", "2026-11-01..2026-11-31", []string{"the calendar has no 2026-11-31"}},
		{"range from no day", "2026-02-30..2026-03-02", []string{"the calendar has no 2026-02-30"}},
		{"range from too early", "1999-12-31..2000-01-02", []string{"1999-12-31 is outside"}},

		{"a novel", strings.Repeat("call me Ishmael ", 1000), []string{`"call me Ishmael call me Ishmael call me "…`, "(15999 bytes)"}},
		{"not UTF-8", "\xff\xfe", []string{`"\xff\xfe" cannot be read`}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			p, err := period.Parse(tt.text)
			wantError(t, err, tt.wants...)
			if p != (period.Period{}) {
				t.Errorf("also got %q", p)
			}
			if len(err.Error()) > 300 {
				t.Errorf("error has %d bytes: %v", len(err.Error()), err)
			}
		})
	}
}

func FuzzParse(f *testing.F) {
	for _, s := range []string{
		"", "today", "yesterday", "7d", "0d", "92d", "93d", "007d", "last-week", "last-month", "this-week", "this-month",
		"2026-11-20", "2026-02-30", "2026-1-2", "2026-11-01..2026-11-15", "2026-11-20..2026-11-20", "..", " 1d ", "\xff",
	} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		p, err := period.Parse(s)
		if err != nil {
			if p != (period.Period{}) {
				t.Errorf("Parse(%q) gives %q and an error: %v", s, p, err)
			}
			return
		}
		again, err := period.Parse(p.String())
		if err != nil || again != p {
			t.Errorf("Parse(%q) is %q, which is read back as %q, %v", s, p, again, err)
		}
		// Nothing but space and the range of one day is spelled differently.
		day, other, _ := strings.Cut(strings.TrimSpace(s), "..")
		if p.String() != strings.TrimSpace(s) && (day != other || day != p.String()) {
			t.Errorf("Parse(%q) is %q, which is something else", s, p)
		}
	})
}
