package blockkit

// dataTable checks a data_table (docs.slack.dev, Data table block): a header
// of texts, then rows of the same length, without an empty cell.
func (v *validator) dataTable(b object) {
	v.known(b, "type", "block_id", "caption", "rows", "page_size", "row_header_column_index")
	v.needText(b.get("caption"), noLimit)
	v.mayInteger(b, "page_size", 1, MaxPageSize)
	v.mayInteger(b, "row_header_column_index", 0, MaxColumns-1)

	total, width := 0, -1
	for i, row := range v.array(b.get("rows"), MinDataTableRows, MaxDataTableRows) {
		cells := v.array(row, 1, MaxColumns)
		switch {
		case cells == nil:
			continue // no array, and said so
		case width < 0:
			width = len(cells)
		case len(cells) != width:
			v.add(row.pointer, "must have as many cells as the header, %d, has %d", width, len(cells))
		}
		for _, cell := range cells {
			total += v.dataTableCell(cell, i == 0)
		}
	}
	if total > MaxDataTableCharacters {
		v.add(b.at("rows"), "must have at most %d characters over all cells, has %d", MaxDataTableCharacters, total)
	}
}

// dataTableCell returns the length of what the cell shows.
func (v *validator) dataTableCell(n node, header bool) int {
	c, ok := v.object(n)
	if !ok {
		return 0
	}
	kind := c.text("type")
	if header && kind != "raw_text" {
		v.add(c.at("type"), "must be raw_text in the header, is %.40q", kind)
	}
	switch kind {
	case "raw_text":
		v.known(c, "type", "text")
		return v.needText(c.get("text"), noLimit)
	case "raw_number":
		v.known(c, "type", "value", "text")
		v.number(c.get("value"))
		if c.has("text") {
			return v.needText(c.get("text"), noLimit)
		}
		// Slack shows the number itself; its literal is the nearest to that.
		return literalLength(c.fields["value"])
	case "rich_text":
		return v.richTextCell(c)
	case "action_cell":
		v.element(c.get("element"))
		if c.has("fallback") {
			v.fallback(c.get("fallback"))
		}
		return elementLength(c.fields["element"])
	default:
		if !header {
			v.add(c.at("type"), "unknown data_table cell type %.40q", kind)
		}
		return 0
	}
}

// fallback checks what a client shows that has no action cells: a text or a
// number, not another button.
func (v *validator) fallback(n node) {
	c, ok := v.object(n)
	if !ok {
		return
	}
	if kind := c.text("type"); kind != "raw_text" && kind != "raw_number" {
		v.add(c.at("type"), "must be raw_text or raw_number, is %.40q", kind)
		return
	}
	v.dataTableCell(n, false)
}

// table checks a table (docs.slack.dev, Table block). Its numbers are texts:
// a raw_number in it has been refused with invalid_blocks (slack-go,
// block_table.go).
func (v *validator) table(b object) {
	v.known(b, "type", "block_id", "rows", "column_settings")
	total := 0
	for _, row := range v.array(b.get("rows"), 1, MaxTableRows) {
		for _, n := range v.array(row, 1, MaxColumns) {
			c, ok := v.object(n)
			if !ok {
				continue
			}
			switch kind := c.text("type"); kind {
			case "raw_text":
				v.known(c, "type", "text")
				total += v.needText(c.get("text"), noLimit)
			case "rich_text":
				total += v.richTextCell(c)
			default:
				v.add(c.at("type"), "must be raw_text or rich_text, is %.40q", kind)
			}
		}
	}
	if total > MaxTableCharacters {
		v.add(b.at("rows"), "must have at most %d characters over all cells, has %d", MaxTableCharacters, total)
	}
	if b.has("column_settings") {
		v.columnSettings(b)
	}
}

// columnSettings: null leaves a column as it is.
func (v *validator) columnSettings(b object) {
	for _, n := range v.array(b.get("column_settings"), 0, MaxColumns) {
		if n.value == nil {
			continue
		}
		c, ok := v.object(n)
		if !ok {
			continue
		}
		v.known(c, "align", "is_wrapped")
		if !c.has("align") {
			continue
		}
		switch align := c.text("align"); align {
		case "left", "center", "right":
		default:
			v.add(c.at("align"), "must be left, center or right, is %.40q", align)
		}
	}
}

// richTextCell is a rich_text cell, which like any other must show something.
func (v *validator) richTextCell(c object) int {
	before := len(v.problems)
	n := v.richText(c)
	if n == 0 && len(v.problems) == before && !showsMore(c.fields) {
		v.add(c.pointer, "must not be empty")
	}
	return n
}

// showsMore tells whether rich text holds anything besides text, such as an
// emoji or a mention, which shows something but has no text of its own.
func showsMore(value any) bool {
	switch x := value.(type) {
	case []any:
		for _, item := range x {
			if showsMore(item) {
				return true
			}
		}
	case map[string]any:
		if x["elements"] != nil {
			return showsMore(x["elements"])
		}
		return x["type"] != "text"
	}
	return false
}

// elementLength is the length of a button's label.
func elementLength(element any) int {
	o := object{fields: asObject(element)}
	return Length(object{fields: asObject(o.fields["text"])}.text("text"))
}

func asObject(value any) map[string]any {
	fields, _ := value.(map[string]any)
	return fields
}
