// Package blockkit is the project's own model of one Slack message: the plain
// text that a notification and a screen reader get, and the few Block Kit
// blocks that a digest needs. It knows Slack's limits (Validate) and Slack's
// JSON, and nothing of sessions or of how a message is sent.
//
// Validate works on Slack's JSON, so one and the same check holds for what the
// project builds, and for whatever the Slack simulator is sent.
package blockkit

import "encoding/json"

// Message is one message of a channel. Text alone carries the whole story;
// Blocks, when there are any, are what a sighted reader sees instead of it.
type Message struct {
	Text   string  `json:"text"`
	Blocks []Block `json:"blocks,omitempty"`
}

// Block is one block of a message. Every implementation marshals itself to
// the JSON that Slack documents for its type.
type Block interface {
	// Kind is the block's "type" in Slack's JSON.
	Kind() string
	// BlockID is the block's "block_id", empty when Slack may choose one.
	BlockID() string
	json.Marshaler
}

// Header is a line of large plain text.
type Header struct{ ID, Text string }

// Section is a paragraph.
type Section struct {
	ID   string
	Text Text
}

// Context is small print: up to ten texts.
type Context struct {
	ID       string
	Elements []Text
}

// DataTable is a table that the reader can sort and page through. The first
// row is the header; PageSize is the number of rows on one page.
type DataTable struct {
	ID, Caption string
	PageSize    int
	Rows        [][]Cell
}

// Table is a table without sorting, for workspaces that refuse a DataTable.
// RightAligned holds the indexes of the columns that are aligned right.
type Table struct {
	ID           string
	RightAligned []int
	Rows         [][]Cell
}

// Text is a text object. Plain text is shown as it is: Slack neither formats
// it nor turns anything in it into a mention, a link or an emoji. Markdown is
// Slack's mrkdwn, sent verbatim: names and addresses in it are not linked.
type Text struct {
	Markdown bool
	Text     string
}

// Plain is a text that Slack shows as it is.
func Plain(s string) Text { return Text{Text: s} }

// Markdown is a text in Slack's mrkdwn. Other people's words must go through
// Escape before they become part of it.
func Markdown(s string) Text { return Text{Markdown: true, Text: s} }

// Cell is one cell of a table: a text, or a number together with the text
// that is shown for it. A DataTable sorts a column by number when every cell
// of it below the header has one, and shows the number itself when there is no
// text. A Table shows texts only, so there every cell needs one.
type Cell struct {
	Text   string
	Number *float64
}

// TextCell is a cell that holds a text.
func TextCell(s string) Cell { return Cell{Text: s} }

// NumberCell is a cell that sorts by number and shows text.
func NumberCell(number float64, text string) Cell { return Cell{Text: text, Number: &number} }
