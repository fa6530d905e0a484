package blockkit

// header: plain text only (docs.slack.dev, Header block).
func (v *validator) header(b object) {
	v.known(b, "type", "block_id", "text", "level")
	v.total += v.textObject(b.get("text"), MaxHeader, true)
}

// section: a text, fields, or both (docs.slack.dev, Section block).
func (v *validator) section(b object) {
	v.known(b, "type", "block_id", "text", "fields", "accessory", "expand")
	if !b.has("text") && !b.has("fields") {
		v.add(b.pointer, "must have text or fields")
	}
	if b.has("text") {
		v.total += v.textObject(b.get("text"), MaxSection, false)
	}
	if b.has("fields") {
		for _, field := range v.array(b.get("fields"), 1, MaxSectionFields) {
			v.total += v.textObject(field, MaxSectionField, false)
		}
	}
	if b.has("accessory") {
		v.element(b.get("accessory"))
	}
}

// context: texts and images (docs.slack.dev, Context block).
func (v *validator) context(b object) {
	v.known(b, "type", "block_id", "elements")
	for _, n := range v.array(b.get("elements"), 1, MaxContextElements) {
		if fields, ok := n.value.(map[string]any); ok && fields["type"] == "image" {
			v.imageElement(object{fields, n.pointer})
			continue
		}
		v.total += v.textObject(n, MaxSection, false)
	}
}

// markdownBlock: the limit is over all markdown blocks of one message
// (docs.slack.dev, Markdown block), so it is the block that goes past it that
// is named.
func (v *validator) markdownBlock(b object) {
	v.known(b, "type", "block_id", "text")
	n := v.needText(b.get("text"), MaxMarkdown)
	v.total += n
	v.markdown += n
	if n <= MaxMarkdown && v.markdown > MaxMarkdown {
		v.add(b.at("text"), "must have at most %d characters over all markdown blocks, has %d", MaxMarkdown, v.markdown)
	}
}

// actions: only buttons are looked into; this project sends no other element.
func (v *validator) actions(b object) {
	v.known(b, "type", "block_id", "elements")
	for _, n := range v.array(b.get("elements"), 1, MaxActions) {
		v.element(n)
	}
}

// image: alt_text is what a screen reader says, and required (docs.slack.dev,
// Image block).
func (v *validator) image(b object) {
	v.known(b, "type", "block_id", "image_url", "slack_file", "alt_text", "title")
	v.imageElement(b)
	if b.has("title") {
		v.textObject(b.get("title"), MaxAltText, true)
	}
}

func (v *validator) imageElement(o object) {
	switch {
	case o.has("image_url"):
		v.needText(o.get("image_url"), MaxURL)
	case o.has("slack_file"):
		v.object(o.get("slack_file"))
	default:
		v.add(o.pointer, "must have image_url or slack_file")
	}
	v.needText(o.get("alt_text"), MaxAltText)
}

// element checks an interactive element or an image beside a section.
func (v *validator) element(n node) {
	o, ok := v.object(n)
	if !ok {
		return
	}
	v.mayText(o, "action_id", MaxActionID)
	switch o.text("type") {
	case "":
		v.add(o.at("type"), "must be the name of an element type")
	case "image":
		v.imageElement(o)
	case "button":
		v.textObject(o.get("text"), MaxButtonText, true)
		v.mayText(o, "value", MaxButtonValue)
		v.mayText(o, "url", MaxURL)
	}
}

// textObject checks a text object and returns the length of its text. An
// object with emoji in mrkdwn or verbatim in plain_text is one that Slack
// refuses (docs.slack.dev, Text object: "only usable when").
func (v *validator) textObject(n node, most int, plainOnly bool) int {
	o, ok := v.object(n)
	if !ok {
		return 0
	}
	v.known(o, "type", "text", "emoji", "verbatim")
	switch kind := o.text("type"); {
	case kind == "plain_text":
		if o.has("verbatim") {
			v.add(o.at("verbatim"), "is for mrkdwn only")
		}
	case kind == "mrkdwn" && plainOnly:
		v.add(o.at("type"), "must be plain_text, is mrkdwn")
	case kind == "mrkdwn":
		if o.has("emoji") {
			v.add(o.at("emoji"), "is for plain_text only")
		}
	default:
		v.add(o.at("type"), "must be plain_text or mrkdwn")
	}
	return v.needText(o.get("text"), most)
}

// richText checks the structure of a rich_text block or cell, not what its
// elements mean, and returns the length of everything that is read in it.
func (v *validator) richText(o object) int {
	n := 0
	for _, part := range v.array(o.get("elements"), 1, noLimit) {
		p, ok := v.object(part)
		if !ok {
			continue
		}
		switch p.text("type") {
		case "rich_text_section", "rich_text_preformatted", "rich_text_quote":
			n += v.richTextLeaves(p)
		case "rich_text_list":
			for _, item := range v.array(p.get("elements"), 1, noLimit) {
				if i, ok := v.object(item); ok {
					n += v.richTextLeaves(i)
				}
			}
		default:
			v.add(p.at("type"), "unknown rich_text element %.40q", p.text("type"))
		}
	}
	return n
}

// noLimit stands for "Slack names no limit".
const noLimit = 1 << 30

func (v *validator) richTextLeaves(o object) int {
	n := 0
	for _, leaf := range v.array(o.get("elements"), 0, noLimit) {
		l, ok := v.object(leaf)
		if !ok {
			continue
		}
		if l.text("type") == "" {
			v.add(l.at("type"), "must be the name of an element type")
		}
		if l.text("type") == "text" {
			n += v.needSpan(l.get("text"))
			continue
		}
		n += Length(l.text("text") + l.text("url") + l.text("fallback") + l.text("name"))
	}
	return n
}

// needSpan is needText for a piece of running text, which may well be only
// the space between two others.
func (v *validator) needSpan(n node) int {
	s, ok := n.value.(string)
	if !ok || s == "" {
		v.add(n.pointer, "must be a string that is not empty")
	}
	return Length(s)
}

// container: a group of other blocks, in which neither a data_table nor a
// chart nor another container may be.
func (v *validator) container(b object) {
	switch {
	case b.has("rich_text_title"):
		if title, ok := v.object(b.get("rich_text_title")); ok {
			v.total += v.richText(title)
		}
	case b.has("title"):
		v.total += v.textObject(b.get("title"), MaxContainerTitle, true)
	default:
		v.add(b.pointer, "must have title or rich_text_title")
	}
	if b.has("subtitle") {
		v.total += v.textObject(b.get("subtitle"), MaxContainerTitle, false)
	}
	for _, child := range v.array(b.get("child_blocks"), 1, MaxContainerBlocks) {
		v.block(child, true)
	}
}
