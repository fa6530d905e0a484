package blockkit

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"strings"
	"unicode/utf8"
)

// Validate returns an *InvalidError with everything for which Slack would
// refuse m, nil if there is nothing. Slack refuses the whole message for one
// bad block, so it is to be called before every send. Any other error is that
// of a block that could not be written as JSON.
func Validate(m Message) error {
	if len(m.Blocks) == 0 {
		return ValidateJSON(m.Text, nil)
	}
	blocks, err := json.Marshal(m.Blocks)
	if err != nil {
		return fmt.Errorf("write blocks as JSON: %w", err)
	}
	return ValidateJSON(m.Text, blocks)
}

// ValidateJSON is Validate for a message in Slack's own form: the text and
// the JSON array of blocks that are sent beside each other. Blocks that are
// empty, null or [] mean a message without blocks.
func ValidateJSON(text string, blocks []byte) error {
	v := validator{ids: map[string]string{}}
	v.message(text, blocks)
	if len(v.problems) == 0 {
		return nil
	}
	return &InvalidError{Problems: v.problems}
}

// validator walks one message and collects what is wrong with it.
type validator struct {
	problems []Problem
	ids      map[string]string // block_id to the pointer of its block
	total    int               // characters over all text blocks
	markdown int               // characters over all markdown blocks
	tables   int
	charts   int
}

func (v *validator) add(pointer, format string, args ...any) {
	v.problems = append(v.problems, Problem{pointer, fmt.Sprintf(format, args...)})
}

func (v *validator) message(text string, blocks []byte) {
	switch n := Length(text); {
	case !utf8.ValidString(text):
		v.add("/text", "must be valid UTF-8")
	case strings.TrimSpace(text) == "":
		v.add("/text", "must not be empty: it is all that a notification and a screen reader get")
	case n > MaxText:
		v.add("/text", "must have at most %d characters, has %d", MaxText, n)
	}
	if len(bytes.TrimSpace(blocks)) == 0 {
		return
	}
	root, err := decode(blocks)
	if err != nil {
		v.add("/blocks", "must be valid JSON: %v", err)
		return
	}
	if root == nil {
		return
	}
	list, ok := root.([]any)
	if !ok {
		v.add("/blocks", "must be an array, is %s", kindOf(root))
		return
	}
	if len(list) > MaxBlocks {
		v.add("/blocks", "must have at most %d blocks, has %d", MaxBlocks, len(list))
	}
	for i, b := range list {
		v.block(node{b, fmt.Sprintf("/blocks/%d", i)}, false)
	}
	if v.total > MaxTextTotal {
		v.add("", "must have at most %d characters over all text blocks, has %d", MaxTextTotal, v.total)
	}
}

// decode reads exactly one JSON value. Numbers stay as they are written, so
// that one too large for a float64 can be told from a good one.
func decode(data []byte) (any, error) {
	if !utf8.Valid(data) {
		return nil, fmt.Errorf("not valid UTF-8")
	}
	d := json.NewDecoder(bytes.NewReader(data))
	d.UseNumber()
	var root any
	if err := d.Decode(&root); err != nil {
		return nil, err
	}
	if _, err := d.Token(); err != io.EOF {
		return nil, fmt.Errorf("more than one value")
	}
	return root, nil
}

// block checks one block of the message, or of a container in it.
func (v *validator) block(n node, inContainer bool) {
	b, ok := v.object(n)
	if !ok {
		return
	}
	v.blockID(b)
	kind := b.text("type")
	if inContainer && (kind == "container" || kind == "data_table" || kind == "data_visualization") {
		v.add(b.at("type"), "a container must not hold a %s", kind)
		return
	}
	switch kind {
	case "header":
		v.header(b)
	case "section":
		v.section(b)
	case "context":
		v.context(b)
	case "divider":
		v.known(b, "type", "block_id")
	case "actions":
		v.actions(b)
	case "markdown":
		v.markdownBlock(b)
	case "image":
		v.image(b)
	case "rich_text":
		v.total += v.richText(b)
	case "container":
		v.container(b)
	case "data_table":
		v.oneTable(b)
		v.dataTable(b)
	case "table":
		v.oneTable(b)
		v.table(b)
	case "data_visualization":
		v.charts++
		if v.charts > MaxCharts {
			v.add(b.pointer, "a message must have at most %d data_visualization blocks, this is number %d", MaxCharts, v.charts)
		}
		v.chart(b)
	case "alert":
		v.add(b.at("type"), "an alert is for modals only, not for messages")
	case "":
		v.add(b.at("type"), "must be the name of a block type")
	default:
		v.add(b.at("type"), "unknown block type %.40q", kind)
	}
}

// blockID checks what every block has in common. Slack wants the ids of a
// message to differ (docs.slack.dev, Blocks).
func (v *validator) blockID(b object) {
	raw, present := b.fields["block_id"]
	if !present {
		return
	}
	id, ok := raw.(string)
	if !ok {
		v.add(b.at("block_id"), "must be a string, is %s", kindOf(raw))
		return
	}
	if n := Length(id); n > MaxBlockID {
		v.add(b.at("block_id"), "must have at most %d characters, has %d", MaxBlockID, n)
	}
	if id == "" {
		return // as good as absent: Slack makes one
	}
	if first, taken := v.ids[id]; taken {
		v.add(b.at("block_id"), "must be unique, is also that of %s", first)
		return
	}
	v.ids[id] = b.pointer
}

func (v *validator) oneTable(b object) {
	v.tables++
	if v.tables > MaxTables {
		v.add(b.pointer, "a message must have at most %d table of any kind, this is number %d", MaxTables, v.tables)
	}
}
