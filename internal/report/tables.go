package report

import (
	"fmt"
	"strconv"
	"strings"

	"realtimekit-digest/internal/blockkit"
)

const (
	// maxRows is how many meetings a sortable table names; the rest is one row.
	maxRows = 100
	// maxPlainRows leaves room for the header and the rest in a plain table's
	// hundred rows.
	maxPlainRows = blockkit.MaxTableRows - 2
	// maxColumnRows is how many meetings the text in columns names.
	maxColumnRows = 40
	// maxColumns is how many characters it can have after escaping. What else
	// is in a message fits beside it.
	maxColumns = 9000
)

// heads are the columns of every table.
var heads = [...]string{"Meeting", "Sessions", "Minutes", "Share", "Peak"}

// rows are the biggest meetings, at most the given number, and one row for
// all others, so that the rows add up to the total.
func (r Report) rows(most int) []Meeting {
	all := r.Summary.Meetings
	if len(all) <= most {
		return all
	}
	others, _ := r.others(most)
	return append(all[:most:most], others)
}

// fitting is how many meetings, at most the given number, leave the rows
// within room characters, each as many as length says.
func (r Report) fitting(most, room int, length func(Meeting) int) int {
	for ; most > 0; most-- {
		used := 0
		for _, m := range r.rows(most) {
			used += length(m)
		}
		if used <= room {
			break
		}
	}
	return most
}

// caption says what a table of so many meetings shows and in which order.
func (r Report) caption(most int) string {
	caption := "Participant-minutes per meeting, biggest first"
	if n := len(r.Summary.Meetings); n > most {
		caption += fmt.Sprintf(": the top %d of %s meetings and the rest", most, number(n))
	}
	return caption
}

// dataTable is the sortable table: numbers are numbers, with the text that
// is shown for them.
func (r Report) dataTable() blockkit.DataTable {
	t := blockkit.DataTable{Caption: r.caption(maxRows), PageSize: r.Top, Rows: [][]blockkit.Cell{textCells(heads)}}
	for _, m := range r.rows(maxRows) {
		part := share(m.Minutes, r.Summary.Minutes)
		t.Rows = append(t.Rows, []blockkit.Cell{
			blockkit.TextCell(m.Label),
			blockkit.NumberCell(float64(m.Sessions), number(m.Sessions)),
			blockkit.NumberCell(rounded(m), exact(m.Minutes)),
			blockkit.NumberCell(part, percent(part)),
			blockkit.NumberCell(float64(max(m.Peak, 0)), peak(m.Peak)),
		})
	}
	return t
}

// table is the plain table, below its caption.
func (r Report) table() []blockkit.Block {
	t := blockkit.Table{RightAligned: []int{1, 2, 3, 4}, Rows: [][]blockkit.Cell{textCells(heads)}}
	most := r.fitting(maxPlainRows, blockkit.MaxTableCharacters-blockkit.Length(strings.Join(heads[:], "")), func(m Meeting) int {
		cells := r.texts(m)
		return blockkit.Length(strings.Join(cells[:], ""))
	})
	for _, m := range r.rows(most) {
		t.Rows = append(t.Rows, textCells(r.texts(m)))
	}
	return []blockkit.Block{captionBlock(r.caption(most)), t}
}

// captionBlock stands above a table that has no caption of its own.
func captionBlock(caption string) blockkit.Block {
	return blockkit.Context{Elements: []blockkit.Text{blockkit.Plain(caption)}}
}

func textCells(texts [5]string) (row []blockkit.Cell) {
	for _, text := range texts {
		row = append(row, blockkit.TextCell(text))
	}
	return row
}

// texts are the cells of one row as they are shown.
func (r Report) texts(m Meeting) [5]string {
	return [...]string{m.Label, number(m.Sessions), exact(m.Minutes), percent(share(m.Minutes, r.Summary.Minutes)), peak(m.Peak)}
}

// columns is the table as text, in as many sections as it needs.
func (r Report) columns() []blockkit.Block {
	most := r.fitting(maxColumnRows, maxColumns, func(m Meeting) int { return blockkit.Length(columnLine(r.texts(m))) })
	lines := []string{columnLine(heads)}
	for _, m := range r.rows(most) {
		lines = append(lines, columnLine(r.texts(m)))
	}
	const fence = "```"
	var part strings.Builder
	blocks := []blockkit.Block{captionBlock(r.caption(most))}
	flush := func() {
		blocks = append(blocks, blockkit.Section{Text: blockkit.Markdown(fence + "\n" + part.String() + fence)})
		part.Reset()
	}
	for _, line := range lines {
		if blockkit.Length(part.String())+blockkit.Length(line)+2*len(fence)+1 > blockkit.MaxSection {
			flush()
		}
		part.WriteString(line)
	}
	flush()
	return blocks
}

// columnLine is one line of the text in columns, escaped. The meeting comes
// last: nobody knows how wide its characters are, and from right to left they
// would take the numbers along.
func columnLine(cells [5]string) string {
	return fmt.Sprintf("%8s %14s %6s %6s  %s\n", cells[1], cells[2], cells[3], cells[4], blockkit.Escape(cells[0]))
}

// rounded is a meeting's minutes with the two decimals that are shown.
func rounded(m Meeting) float64 {
	f, _ := strconv.ParseFloat(m.Minutes.Fixed(2), 64)
	return f
}
