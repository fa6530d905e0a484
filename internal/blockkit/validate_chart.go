package blockkit

// chart checks a data_visualization (docs.slack.dev, Data visualization
// block). Slack shows no chart without at least one slice or point.
func (v *validator) chart(b object) {
	v.known(b, "type", "block_id", "title", "chart")
	v.needText(b.get("title"), MaxChartTitle)
	c, ok := v.object(b.get("chart"))
	if !ok {
		return
	}
	switch kind := c.text("type"); kind {
	case "pie":
		v.pie(c)
	case "bar", "line", "area":
		v.series(c)
	default:
		v.add(c.at("type"), "must be pie, bar, line or area, is %.40q", kind)
	}
}

func (v *validator) pie(c object) {
	v.known(c, "type", "segments")
	labels := map[string]bool{}
	for _, n := range v.array(c.get("segments"), 1, MaxChartSeries) {
		s, ok := v.object(n)
		if !ok {
			continue
		}
		v.known(s, "label", "value")
		v.label(s.get("label"), labels)
		if value, ok := v.number(s.get("value")); ok && value <= 0 {
			v.add(s.at("value"), "must be greater than 0, is %g", value)
		}
	}
}

func (v *validator) series(c object) {
	v.known(c, "type", "series", "axis_config")
	categories := map[string]bool{}
	axis, ok := v.object(c.get("axis_config"))
	if ok {
		v.known(axis, "categories", "x_label", "y_label")
		for _, n := range v.array(axis.get("categories"), 1, MaxChartPoints) {
			v.label(n, categories)
		}
		v.mayText(axis, "x_label", MaxChartTitle)
		v.mayText(axis, "y_label", MaxChartTitle)
	}
	names := map[string]bool{}
	for _, n := range v.array(c.get("series"), 1, MaxChartSeries) {
		s, ok := v.object(n)
		if !ok {
			continue
		}
		v.known(s, "name", "data")
		v.label(s.get("name"), names)
		v.points(s.get("data"), categories)
	}
}

// points: every category exactly once. With the labels unique and all of them
// categories, their number decides whether one is missing.
func (v *validator) points(data node, categories map[string]bool) {
	labels := map[string]bool{}
	for _, n := range v.array(data, 1, MaxChartPoints) {
		p, ok := v.object(n)
		if !ok {
			continue
		}
		v.known(p, "label", "value")
		v.label(p.get("label"), labels)
		if label := p.text("label"); label != "" && !categories[label] {
			v.add(p.at("label"), "must be one of the categories")
		}
		v.number(p.get("value"))
	}
	if len(labels) < len(categories) {
		v.add(data.pointer, "must have a point for every category, %d, has %d", len(categories), len(labels))
	}
}

// label checks a name that must differ from those in seen, and adds it.
func (v *validator) label(n node, seen map[string]bool) {
	v.needText(n, MaxChartLabel)
	s, ok := n.value.(string)
	if !ok {
		return
	}
	if seen[s] {
		v.add(n.pointer, "must be unique")
	}
	seen[s] = true
}
