package blockkit

import (
	"encoding/json"
	"math"
)

func (Header) Kind() string    { return "header" }
func (Section) Kind() string   { return "section" }
func (Context) Kind() string   { return "context" }
func (DataTable) Kind() string { return "data_table" }
func (Table) Kind() string     { return "table" }

func (b Header) BlockID() string    { return b.ID }
func (b Section) BlockID() string   { return b.ID }
func (b Context) BlockID() string   { return b.ID }
func (b DataTable) BlockID() string { return b.ID }
func (b Table) BlockID() string     { return b.ID }

// MarshalJSON writes Slack's header block.
func (b Header) MarshalJSON() ([]byte, error) {
	return json.Marshal(struct {
		Type string `json:"type"`
		ID   string `json:"block_id,omitempty"`
		Text Text   `json:"text"`
	}{b.Kind(), b.ID, Plain(b.Text)})
}

// MarshalJSON writes Slack's section block.
func (b Section) MarshalJSON() ([]byte, error) {
	return json.Marshal(struct {
		Type string `json:"type"`
		ID   string `json:"block_id,omitempty"`
		Text Text   `json:"text"`
	}{b.Kind(), b.ID, b.Text})
}

// MarshalJSON writes Slack's context block.
func (b Context) MarshalJSON() ([]byte, error) {
	return json.Marshal(struct {
		Type     string `json:"type"`
		ID       string `json:"block_id,omitempty"`
		Elements []Text `json:"elements"`
	}{b.Kind(), b.ID, b.Elements})
}

// MarshalJSON writes Slack's data_table block.
func (b DataTable) MarshalJSON() ([]byte, error) {
	rows := make([][]any, len(b.Rows))
	for i, row := range b.Rows {
		rows[i] = make([]any, len(row))
		for j, cell := range row {
			rows[i][j] = dataTableCell(cell)
		}
	}
	return json.Marshal(struct {
		Type     string  `json:"type"`
		ID       string  `json:"block_id,omitempty"`
		Caption  string  `json:"caption"`
		PageSize int     `json:"page_size,omitempty"`
		Rows     [][]any `json:"rows"`
	}{b.Kind(), b.ID, b.Caption, b.PageSize, rows})
}

// MarshalJSON writes Slack's table block, in which numbers are texts.
func (b Table) MarshalJSON() ([]byte, error) {
	rows := make([][]textCell, len(b.Rows))
	width := 0
	for i, row := range b.Rows {
		rows[i] = make([]textCell, len(row))
		for j, cell := range row {
			rows[i][j] = textCell{rawText, cell.Text}
		}
		width = max(width, len(row))
	}
	type column struct {
		Align string `json:"align"`
	}
	columns := make([]column, width)
	for i := range columns {
		columns[i].Align = "left"
	}
	for _, i := range b.RightAligned {
		if i >= 0 && i < width {
			columns[i].Align = "right"
		}
	}
	return json.Marshal(struct {
		Type    string       `json:"type"`
		ID      string       `json:"block_id,omitempty"`
		Columns []column     `json:"column_settings"`
		Rows    [][]textCell `json:"rows"`
	}{b.Kind(), b.ID, columns, rows})
}

// MarshalJSON writes Slack's text object.
func (t Text) MarshalJSON() ([]byte, error) {
	if t.Markdown {
		return json.Marshal(struct {
			Type     string `json:"type"`
			Text     string `json:"text"`
			Verbatim bool   `json:"verbatim"`
		}{"mrkdwn", t.Text, true})
	}
	return json.Marshal(struct {
		Type  string `json:"type"`
		Text  string `json:"text"`
		Emoji bool   `json:"emoji"`
	}{"plain_text", t.Text, false})
}

const (
	rawText   = "raw_text"
	rawNumber = "raw_number"
)

// textCell is a text in a table as Slack reads it.
type textCell struct {
	Type string `json:"type"`
	Text string `json:"text"`
}

// numberCell is a number in a data_table. Without a text, Slack shows the
// number itself; an empty text would be an empty cell, which it refuses.
type numberCell struct {
	Type  string   `json:"type"`
	Value *float64 `json:"value"`
	Text  string   `json:"text,omitempty"`
}

// dataTableCell is a cell of a data_table. JSON has neither NaN nor infinity:
// they become null, at which Validate points, instead of a block that cannot
// be written at all.
func dataTableCell(c Cell) any {
	switch {
	case c.Number == nil:
		return textCell{rawText, c.Text}
	case math.IsNaN(*c.Number) || math.IsInf(*c.Number, 0):
		return numberCell{rawNumber, nil, c.Text}
	default:
		return numberCell{rawNumber, c.Number, c.Text}
	}
}
