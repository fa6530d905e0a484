// Package terminal shows a Slack message in a terminal, the way that the
// channel would show it: the header, the sentences, the first page of a table
// with its columns aligned. It reads Slack's JSON, so what it shows is what
// Slack got.
package terminal

import (
	"encoding/json"
	"fmt"
	"strconv"
	"strings"

	"github.com/rivo/uniseg"
)

// block is what Show needs of a block of any kind.
type block struct {
	Type     string `json:"type"`
	Text     text   `json:"text"`
	Elements []text `json:"elements"`

	Caption  string   `json:"caption"`
	PageSize int      `json:"page_size"`
	Rows     [][]cell `json:"rows"`
}

type text struct {
	Type string `json:"type"`
	Text string `json:"text"`
}

type cell struct {
	Type  string   `json:"type"`
	Text  string   `json:"text"`
	Value *float64 `json:"value"`
}

// String is what is shown of a cell.
func (c cell) String() string {
	if c.Text == "" && c.Value != nil {
		return strconv.FormatFloat(*c.Value, 'f', -1, 64)
	}
	return c.Text
}

// Show renders a message from its text and its blocks, Slack's JSON array. A
// message without blocks shows its text. The error says that the blocks are
// not JSON.
func Show(message string, blocks []byte) (string, error) {
	var all []block
	if len(blocks) > 0 {
		if err := json.Unmarshal(blocks, &all); err != nil {
			return "", fmt.Errorf("reading the message's blocks: %w", err)
		}
	}
	if len(all) == 0 {
		return unescape(message) + "\n", nil
	}
	var out strings.Builder
	for i, b := range all {
		if i > 0 {
			out.WriteString("\n")
		}
		switch b.Type {
		case "header":
			out.WriteString(b.Text.shown() + "\n" + strings.Repeat("═", uniseg.StringWidth(b.Text.shown())) + "\n")
		case "section":
			out.WriteString(b.Text.shown() + "\n")
		case "context":
			for _, e := range b.Elements {
				out.WriteString(indent(e.shown()) + "\n")
			}
		case "data_table", "table":
			out.WriteString(b.table())
		case "divider":
			out.WriteString(strings.Repeat("─", 40) + "\n")
		default:
			out.WriteString("[" + b.Type + "]\n")
		}
	}
	return out.String(), nil
}

// shown is a text object as a reader sees it.
func (t text) shown() string {
	if t.Type != "mrkdwn" {
		return t.Text
	}
	return strings.Trim(strings.ReplaceAll(unescape(t.Text), "```", ""), "\n")
}

func unescape(s string) string {
	return strings.NewReplacer("&lt;", "<", "&gt;", ">", "&amp;", "&").Replace(s)
}

func indent(s string) string { return "  " + strings.ReplaceAll(s, "\n", "\n  ") }

// table draws a table's first page: the first column to the left, the others
// to the right.
func (b block) table() string {
	if len(b.Rows) == 0 {
		return ""
	}
	rows := b.Rows
	last := len(rows)
	if b.Type == "data_table" {
		page := b.PageSize
		if page == 0 {
			page = 5 // Slack's default
		}
		last = min(last, page+1)
	}
	var widths []int
	for _, row := range rows[:last] {
		for i, c := range row {
			if i == len(widths) {
				widths = append(widths, 0)
			}
			widths[i] = max(widths[i], uniseg.StringWidth(c.String()))
		}
	}
	var out strings.Builder
	if b.Caption != "" {
		out.WriteString(b.Caption + "\n")
	}
	for n, row := range rows[:last] {
		for i, c := range row {
			space := strings.Repeat(" ", widths[i]-uniseg.StringWidth(c.String()))
			if i == 0 {
				out.WriteString("  " + c.String() + space)
			} else {
				out.WriteString("   " + space + c.String())
			}
		}
		out.WriteString("\n")
		if n == 0 {
			for i, w := range widths {
				out.WriteString(strings.Repeat(" ", min(2+i, 3)) + strings.Repeat("─", w))
			}
			out.WriteString("\n")
		}
	}
	if last < len(rows) {
		fmt.Fprintf(&out, "  rows 1–%d of %d, on %d pages\n", last-1, len(rows)-1, (len(rows)-2)/(last-1)+1)
	}
	return out.String()
}
