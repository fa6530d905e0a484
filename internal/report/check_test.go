package report_test

import (
	"encoding/json"
	"fmt"
	"math"
	"strconv"
	"strings"
	"unicode"

	"pgregory.net/rapid"

	"realtimekit-digest/internal/blockkit"
	"realtimekit-digest/internal/report"
)

// checkReport is everything that holds for every report, in all forms.
func checkReport(t rapid.TB, r report.Report) {
	t.Helper()
	for form, m := range messages(t, r) {
		checkSafe(t, form, m)
		rows := tableRows(t, m)
		if form != report.TextOnly && (len(rows) == 0) != (r.Summary.Sessions == 0) {
			t.Errorf("%s: got %d rows for %d sessions", form, len(rows), r.Summary.Sessions)
		}
		if len(rows) > 0 {
			checkRows(t, form, r, rows)
		}
		for _, b := range m.Blocks {
			if table, ok := b.(blockkit.DataTable); ok {
				checkNumbers(t, table)
			}
		}
	}
	checkLabels(t, r.Summary)
	checkText(t, r)
	low, high := r.Prices.Cost(r.Summary)
	if !(low >= 0 && low <= high && high <= math.MaxFloat64) {
		t.Errorf("got a cost from %v to %v", low, high)
	}
}

// checkSafe wants a message that nobody else's words make into something else.
func checkSafe(t rapid.TB, form report.Form, m blockkit.Message) {
	t.Helper()
	if strings.ContainsAny(m.Text, "<>`") {
		t.Errorf("%s: got something that mentions, links or is code in %q", form, m.Text)
	}
	for i, part := range strings.Split(m.Text, "&")[1:] {
		if !strings.HasPrefix(part, "amp;") {
			t.Errorf("%s: ampersand %d of %q is not escaped", form, i, m.Text)
		}
	}
	blocks, err := json.Marshal(m.Blocks)
	if err != nil {
		t.Fatal(err)
	}
	var value any
	if err := json.Unmarshal(blocks, &value); err != nil {
		t.Fatal(err)
	}
	for _, s := range append(texts(value), m.Text) {
		for _, r := range s {
			if r != '\n' && r != '\u200d' && r != '\u200c' && unicode.In(r, unicode.Cc, unicode.Cf, unicode.Co, unicode.Cs, unicode.Zl, unicode.Zp,
				unicode.Bidi_Control, unicode.Noncharacter_Code_Point, unicode.Other_Default_Ignorable_Code_Point) {
				t.Errorf("%s: got %U in %q", form, r, s)
			}
		}
	}
	for _, b := range m.Blocks {
		section, ok := b.(blockkit.Section)
		if ok && section.Text.Markdown && strings.Count(section.Text.Text, "`") != 6 {
			t.Errorf("%s: got a broken fence in %q", form, section.Text.Text)
		}
		if ok && section.Text.Markdown && strings.ContainsAny(section.Text.Text, "<>") {
			t.Errorf("%s: got something that mentions or links in %q", form, section.Text.Text)
		}
	}
}

// texts are all strings in a JSON value.
func texts(value any) (out []string) {
	switch v := value.(type) {
	case string:
		return []string{v}
	case []any:
		for _, item := range v {
			out = append(out, texts(item)...)
		}
	case map[string]any:
		for _, item := range v {
			out = append(out, texts(item)...)
		}
	}
	return out
}

// checkRows wants rows that add up to the total, and the meetings in them as
// they are in the summary.
func checkRows(t rapid.TB, form report.Form, r report.Report, rows []row) {
	t.Helper()
	sum, hundredths := 0, int64(0)
	for i, row := range rows {
		n, err := strconv.Atoi(strings.ReplaceAll(row.sessions, ",", ""))
		if err != nil {
			t.Errorf("%s: row %q: %v", form, row, err)
		}
		sum += n
		hundredths += cents(t, row.minutes)
		if share, err := strconv.ParseFloat(strings.TrimSuffix(row.share, "%"), 64); err != nil || !(share >= 0 && share <= 100) {
			t.Errorf("%s: row %q: share is not from 0 to 100", form, row)
		}
		if i >= len(r.Summary.Meetings) {
			t.Fatalf("%s: got %d rows for %d meetings", form, len(rows), len(r.Summary.Meetings))
		}
		if i == len(rows)-1 && row.label != r.Summary.Meetings[i].Label {
			want := fmt.Sprintf("%d other meetings", len(r.Summary.Meetings)-i)
			if len(r.Summary.Meetings)-i == 1 {
				want = "1 other meeting"
			}
			if strings.ReplaceAll(row.label, ",", "") != want {
				t.Errorf("%s: got label %q for the rest, want %q", form, row.label, want)
			}
			continue
		}
		m := r.Summary.Meetings[i]
		peak := strings.ReplaceAll(row.peak, ",", "")
		if row.label != m.Label || n != m.Sessions || strings.ReplaceAll(row.minutes, ",", "") != m.Minutes.Fixed(2) ||
			m.Peak < 0 && peak != "–" || m.Peak >= 0 && peak != strconv.Itoa(m.Peak) {
			t.Errorf("%s: got row %q for meeting %+v", form, row, m)
		}
	}
	if sum != r.Summary.Sessions {
		t.Errorf("%s: rows have %d sessions, want %d", form, sum, r.Summary.Sessions)
	}
	// Every rounding, that of the total too, is off by half a hundredth at most.
	if off := hundredths - cents(t, r.Summary.Minutes.Fixed(2)); 2*max(off, -off) > int64(len(rows)+1) {
		t.Errorf("%s: rows have %d hundredths of a minute, want %s minutes", form, hundredths, r.Summary.Minutes)
	}
}

func cents(t rapid.TB, s string) int64 {
	t.Helper()
	n, err := strconv.ParseInt(strings.NewReplacer(",", "", ".", "").Replace(s), 10, 64)
	if err != nil || s[len(s)-3] != '.' {
		t.Fatalf("%q is no number with two decimals", s)
	}
	return n
}

// checkNumbers wants the numbers that a table sorts by to be those it shows.
func checkNumbers(t rapid.TB, table blockkit.DataTable) {
	t.Helper()
	for _, row := range table.Rows[1:] {
		for i, cell := range row[1:] {
			if cell.Number == nil {
				t.Errorf("column %d of %v has no number to sort by", i+1, row)
				continue
			}
			shown, err := strconv.ParseFloat(strings.NewReplacer(",", "", "%", "", "–", "0").Replace(cell.Text), 64)
			if err != nil || shown != *cell.Number {
				t.Errorf("got number %v for %q", *cell.Number, cell.Text)
			}
		}
	}
}

// checkLabels wants every meeting to have a label of its own.
func checkLabels(t rapid.TB, s report.Summary) {
	t.Helper()
	seen := map[string]string{}
	for _, m := range s.Meetings {
		if other, taken := seen[m.Label]; taken {
			t.Errorf("meetings %q and %q are both %q", other, m.ID, m.Label)
		}
		seen[m.Label] = m.ID
		if n := blockkit.Length(m.Label); n == 0 || n > 60 || strings.TrimSpace(m.Label) != m.Label {
			t.Errorf("label %q has %d characters", m.Label, n)
		}
	}
}

// checkText wants the text to tell what the table shows.
func checkText(t rapid.TB, r report.Report) {
	t.Helper()
	text := unescape(r.Message(report.TextOnly).Text)
	if !strings.HasPrefix(text, "RealtimeKit usage, ") {
		t.Errorf("text does not begin with its name: %q", text)
	}
	if !r.Coverage.Complete && !strings.Contains(strings.SplitN(text, "\n", 2)[0], ": Incomplete: ") {
		t.Errorf("the first line does not say that figures are missing: %q", text)
	}
	named := 0
	for i, m := range r.Summary.Meetings {
		minutes := " minutes ("
		line := fmt.Sprintf("\n%d. %s with ", i+1, m.Label)
		at := strings.Index(text, line)
		if at < 0 {
			break
		}
		rest := text[at+len(line):]
		if got, _, _ := strings.Cut(rest, minutes); strings.ReplaceAll(got, ",", "") != m.Minutes.Fixed(2) {
			t.Errorf("got %q minutes for %q, want %s", got, m.Label, m.Minutes.Fixed(2))
		}
		named++
	}
	if named != min(r.Top, len(r.Summary.Meetings)) && blockkit.Length(blockkit.Escape(text)) < 3000 {
		t.Errorf("got %d meetings in a text of %d characters, want %d:\n%s", named, blockkit.Length(text), r.Top, text)
	}
	if rest := len(r.Summary.Meetings) - named; rest > 0 && !strings.Contains(strings.ReplaceAll(text, ",", ""), fmt.Sprintf("\n%d other meeting", rest)) {
		t.Errorf("got nothing about the other %d meetings:\n%s", rest, text)
	}
}
