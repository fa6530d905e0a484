package report_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"realtimekit-digest/internal/blockkit"
	"realtimekit-digest/internal/minutes"
	"realtimekit-digest/internal/period"
	"realtimekit-digest/internal/report"
	"realtimekit-digest/internal/sessions"
	simulator "realtimekit-digest/internal/simulator/realtimekit"
)

var (
	forms = []report.Form{report.Native, report.Tables, report.Sections, report.TextOnly}
	list  = report.Prices{AudioVideo: 0.002, AudioOnly: 0.0005}
	noon  = time.Date(2026, 11, 20, 12, 0, 0, 0, time.UTC)
)

// window is a period as someone asks for it at a moment.
func window(t rapid.TB, name, moment, zone string) period.Window {
	t.Helper()
	p, err := period.Parse(name)
	if err != nil {
		t.Fatal(err)
	}
	now, err := time.Parse(time.RFC3339, moment)
	if err != nil {
		t.Fatal(err)
	}
	z, err := period.LoadZone(zone)
	if err != nil {
		t.Fatal(err)
	}
	w, err := p.Window(now, z)
	if err != nil {
		t.Fatal(err)
	}
	return w
}

// friday is the day of most tests.
func friday(t rapid.TB) period.Window {
	t.Helper()
	return window(t, "yesterday", "2026-11-21T06:00:00Z", "Europe/Berlin")
}

func parse(t rapid.TB, number string) minutes.Minutes {
	t.Helper()
	m, err := minutes.Parse([]byte(number))
	if err != nil {
		t.Fatalf("%s: %v", number, err)
	}
	return m
}

// session is one of half an hour, without a known split.
func session(t rapid.TB, id, meeting, title, number string) sessions.Session {
	t.Helper()
	return sessions.Session{
		ID: id, MeetingID: meeting, Title: title, Type: "meeting", Minutes: parse(t, number),
		Peak: 3, Started: noon, Ended: noon.Add(30 * time.Minute),
	}
}

// simulated are the simulator's sessions that ended in the window, as the
// reader would hand them over.
func simulated(t rapid.TB, all []simulator.Session, w period.Window) (out []sessions.Session) {
	t.Helper()
	for _, s := range all {
		if s.Status != simulator.Ended || !w.Contains(s.EndedAt) {
			continue
		}
		audio := minutes.Minutes{}
		if s.AudioMinutes != nil {
			audio = parse(t, *s.AudioMinutes)
		}
		out = append(out, sessions.Session{
			ID: s.ID, MeetingID: s.MeetingID, Title: s.Title, Type: s.Type, Minutes: parse(t, s.Minutes),
			AudioOnly: audio, AudioKnown: s.AudioMinutes != nil, Peak: s.Peak, Started: s.StartedAt, Ended: s.EndedAt,
		})
	}
	return out
}

func summary(all []sessions.Session) report.Summary {
	fold := report.NewFold()
	for _, s := range all {
		fold.Add(s)
	}
	return fold.Summary()
}

// complete is the coverage of a read in which everything added up.
func complete(counted, pages int) sessions.Coverage {
	return sessions.Coverage{
		Pages: pages, Requests: pages + 1, Rows: counted, Unique: counted, Counted: counted,
		Announced: counted, Expected: counted, Complete: true,
	}
}

// usual is a complete report of all with the defaults.
func usual(w period.Window, all []sessions.Session) report.Report {
	pages := max(1, (len(all)+99)/100)
	return report.Report{Window: w, Summary: summary(all), Coverage: complete(len(all), pages), Prices: list, Top: 10}
}

// messages are all forms of a report. Each must be one that Slack takes.
func messages(t rapid.TB, r report.Report) map[report.Form]blockkit.Message {
	t.Helper()
	out := map[report.Form]blockkit.Message{}
	for _, form := range forms {
		m := r.Message(form)
		if err := blockkit.Validate(m); err != nil {
			t.Errorf("%s: %v", form, err)
		}
		out[form] = m
	}
	return out
}

// row is one row of a table as it is shown.
type row struct{ label, sessions, minutes, share, peak string }

// tableRows are the rows of a message's table below the header, of whatever
// form, nil when it has none.
func tableRows(t rapid.TB, m blockkit.Message) (rows []row) {
	t.Helper()
	var lines []string
	for _, b := range m.Blocks {
		switch b := b.(type) {
		case blockkit.DataTable:
			return cellRows(t, b.Rows)
		case blockkit.Table:
			return cellRows(t, b.Rows)
		case blockkit.Section:
			if text, fenced := strings.CutPrefix(b.Text.Text, "```\n"); fenced {
				text, closed := strings.CutSuffix(text, "\n```")
				if !closed || strings.Contains(text, "`") {
					t.Errorf("broken fence: %q", b.Text.Text)
				}
				lines = append(lines, strings.Split(text, "\n")...)
			}
		}
	}
	for i, line := range lines {
		// Four columns of fixed width and the label.
		const width = 8 + 1 + 14 + 1 + 6 + 1 + 6
		if len(line) < width+2 {
			t.Fatalf("line %q is no row", line)
		}
		fields := strings.Fields(line)[:4]
		label := line[strings.Index(line[width-len(fields[3]):], fields[3])+width:]
		if i == 0 {
			continue
		}
		rows = append(rows, row{unescape(strings.TrimPrefix(label, "  ")), fields[0], fields[1], fields[2], fields[3]})
	}
	return rows
}

func cellRows(t rapid.TB, cells [][]blockkit.Cell) (rows []row) {
	t.Helper()
	for _, c := range cells[1:] {
		rows = append(rows, row{c[0].Text, c[1].Text, c[2].Text, c[3].Text, c[4].Text})
	}
	return rows
}

// caption is what stands above or in a message's table.
func caption(m blockkit.Message) string {
	for _, b := range m.Blocks {
		switch b := b.(type) {
		case blockkit.DataTable:
			return b.Caption
		case blockkit.Context:
			return b.Elements[0].Text
		}
	}
	return ""
}

func unescape(s string) string {
	return strings.NewReplacer("&lt;", "<", "&gt;", ">", "&amp;", "&").Replace(s)
}

// legible is JSON of which every value that fits stands on one line.
func legible(t *testing.T, value any) string {
	t.Helper()
	var b bytes.Buffer
	encoder := json.NewEncoder(&b)
	encoder.SetEscapeHTML(false)
	if err := encoder.Encode(value); err != nil {
		t.Fatal(err)
	}
	return indent(t, strings.TrimSpace(b.String()), "")
}

func indent(t *testing.T, text, margin string) string {
	const enough = 400
	text = strings.NewReplacer(`\u0026`, "&", `\u003c`, "<", `\u003e`, ">").Replace(text)
	if len(text) <= enough && margin != "" || text[0] != '[' && text[0] != '{' {
		return text
	}
	d := json.NewDecoder(strings.NewReader(text))
	if _, err := d.Token(); err != nil {
		t.Fatal(err)
	}
	var parts []string
	for d.More() {
		var value json.RawMessage
		name := ""
		if text[0] == '{' {
			key, err := d.Token()
			if err != nil {
				t.Fatal(err)
			}
			name = fmt.Sprintf("%q: ", key)
		}
		if err := d.Decode(&value); err != nil {
			t.Fatal(err)
		}
		parts = append(parts, margin+"  "+name+indent(t, string(value), margin+"  "))
	}
	return fmt.Sprintf("%c\n%s\n%s%c", text[0], strings.Join(parts, ",\n"), margin, text[len(text)-1])
}
