package report

import (
	"fmt"
	"strconv"
	"strings"

	"github.com/rivo/uniseg"

	"realtimekit-digest/internal/blockkit"
)

const (
	// maxRows is how many meetings a sortable table names; the rest is one row.
	maxRows = 100
	// maxPlainRows leaves room for the header and the rest in a plain table's
	// hundred rows.
	maxPlainRows = blockkit.MaxTableRows - 2
	// maxColumnRows keeps the text in columns within a message's characters.
	maxColumnRows = 40
	// columnLabel is the width of a label in it.
	columnLabel = 36
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

// caption says what a table shows and in which order.
func (r Report) caption() string {
	if n := len(r.Summary.Meetings); n > maxRows {
		return fmt.Sprintf("Participant-minutes per meeting, biggest first: the top %d of %s meetings and the rest", maxRows, number(n))
	}
	return "Participant-minutes per meeting, biggest first"
}

// dataTable is the sortable table: numbers are numbers, with the text that
// is shown for them.
func (r Report) dataTable() blockkit.DataTable {
	t := blockkit.DataTable{Caption: r.caption(), PageSize: r.Top, Rows: [][]blockkit.Cell{headRow()}}
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

// table is the plain table.
func (r Report) table() blockkit.Table {
	t := blockkit.Table{RightAligned: []int{1, 2, 3, 4}, Rows: [][]blockkit.Cell{headRow()}}
	for _, m := range r.rows(maxPlainRows) {
		var row []blockkit.Cell
		for _, text := range r.texts(m) {
			row = append(row, blockkit.TextCell(text))
		}
		t.Rows = append(t.Rows, row)
	}
	return t
}

func headRow() (row []blockkit.Cell) {
	for _, head := range heads {
		row = append(row, blockkit.TextCell(head))
	}
	return row
}

// texts are the cells of one row as they are shown.
func (r Report) texts(m Meeting) [5]string {
	return [...]string{m.Label, number(m.Sessions), exact(m.Minutes), percent(share(m.Minutes, r.Summary.Minutes)), peak(m.Peak)}
}

// columns is the table as text of one width, in as many sections as it needs.
func (r Report) columns() []blockkit.Block {
	lines := []string{columnLine(heads)}
	for _, m := range r.rows(maxColumnRows) {
		lines = append(lines, columnLine(r.texts(m)))
	}
	const fence = "```"
	var (
		blocks []blockkit.Block
		part   strings.Builder
	)
	flush := func() {
		if part.Len() > 0 {
			blocks = append(blocks, blockkit.Section{Text: blockkit.Markdown(fence + "\n" + part.String() + fence)})
			part.Reset()
		}
	}
	for _, line := range lines {
		line = blockkit.Escape(line) + "\n"
		if blockkit.Length(part.String())+blockkit.Length(line)+2*len(fence)+1 > blockkit.MaxSection {
			flush()
		}
		part.WriteString(line)
	}
	flush()
	return blocks
}

func columnLine(cells [5]string) string {
	label := cells[0]
	for limit := columnLabel; uniseg.StringWidth(label) > columnLabel; limit-- {
		label = cut(cells[0], limit)
	}
	label += strings.Repeat(" ", columnLabel-uniseg.StringWidth(label))
	return fmt.Sprintf("%s %8s %14s %6s %5s", label, cells[1], cells[2], cells[3], cells[4])
}

// rounded is a meeting's minutes with the two decimals that are shown.
func rounded(m Meeting) float64 {
	f, _ := strconv.ParseFloat(m.Minutes.Fixed(2), 64)
	return f
}
