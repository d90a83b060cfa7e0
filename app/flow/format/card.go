package format

import (
	"strings"

	"zygo/app/value"
)

// readCards reads calendars (RFC 5545) and contacts (RFC 6350): a row for each event, task and contact. What a property says
// about its value, such as its time zone, stands under parametersKey.
func readCards(o Options, body []byte, put func(value.Value) error) error {
	text, err := decoded(o.Charset, body)
	if err != nil {
		return err
	}
	cards := cards{put: put}
	for _, line := range unfolded(text) {
		if line == "" {
			continue
		}
		if err := cards.line(line); err != nil {
			return err
		}
	}
	switch {
	case len(cards.open) > 0:
		return wrong("the file ends within %.40s", cards.open[len(cards.open)-1].name)
	case !cards.began:
		return wrong("the file has no BEGIN line: it is neither a calendar nor contacts")
	}
	return nil
}

// unfolded joins the lines that were cut because they were long.
func unfolded(text string) []string {
	var joined []string
	var parts []string
	end := func() {
		if parts != nil {
			joined = append(joined, strings.Join(parts, ""))
		}
	}
	for line := range strings.Lines(text) {
		line = strings.TrimRight(line, "\r\n")
		if parts != nil && line != "" && (line[0] == ' ' || line[0] == '\t') {
			parts = append(parts, line[1:])
			continue
		}
		end()
		parts = []string{line}
	}
	end()
	return joined
}

// cards are the components that are open.
type cards struct {
	put   func(value.Value) error
	open  []*card
	began bool
}

type card struct {
	name               string
	inside, parameters object
}

// parametersKey is the member of a component with the parameters of its properties.
const parametersKey = "parameters"

func (c *card) value() value.Value {
	if len(c.parameters.names) > 0 {
		c.inside.add(parametersKey, c.parameters.value())
	}
	return c.inside.value()
}

// whole are the components that only hold others.
const whole = "vcalendar"

func (c *cards) line(line string) error {
	name, parameters, text := property(line)
	switch name {
	case "begin":
		if len(c.open) > deepest-2 {
			return wrong("the file is nested more than %d levels deep", deepest)
		}
		c.began = true
		c.open = append(c.open, &card{name: strings.ToLower(strings.TrimSpace(text))})
		return nil
	case "end":
		return c.end(strings.ToLower(strings.TrimSpace(text)))
	}
	if len(c.open) == 0 {
		return wrong("%.40q stands outside of BEGIN and END", line)
	}
	top := c.open[len(c.open)-1]
	top.inside.add(name, value.String(text))
	if len(parameters) > 0 {
		top.parameters.add(name, value.Object(parameters...))
	}
	return nil
}

// end hands on a component that stands in none but the calendar, and keeps another one in the one around it.
func (c *cards) end(name string) error {
	last := len(c.open) - 1
	if last < 0 || c.open[last].name != name {
		return wrong("END:%.40s ends what did not begin", name)
	}
	ended := c.open[last]
	c.open = c.open[:last]
	switch {
	case ended.name == whole || ended.name == "vtimezone":
		return nil
	case last > 0 && c.open[last-1].name != whole:
		c.open[last-1].inside.add(ended.name, ended.value())
		return nil
	}
	row := []value.Member{{Key: "kind", Value: value.String(strings.TrimPrefix(ended.name, "v"))}}
	for key, v := range ended.value().Members() {
		row = append(row, value.Member{Key: key, Value: v})
	}
	return c.put(value.Object(row...))
}

// property cuts a line into the name of a property, its parameters and its value.
func property(line string) (name string, parameters []value.Member, text string) {
	head, isQuoted := len(line), false
	for i, r := range line {
		if r == '"' {
			isQuoted = !isQuoted
		}
		if r == ':' && !isQuoted {
			head, text = i, line[i+1:]
			break
		}
	}
	parts := quotedParts(line[:head])
	for _, part := range parts[1:] {
		key, v, _ := strings.Cut(part, "=")
		parameters = append(parameters, value.Member{Key: fieldName(key), Value: value.String(strings.Trim(v, `"`))})
	}
	_, own, isGrouped := strings.Cut(parts[0], ".")
	if !isGrouped {
		own = parts[0]
	}
	name = fieldName(own)
	if at := cardTime().FindStringSubmatch(text); at != nil && strings.Contains(cardTimes, " "+name+" ") {
		text = at[1] + "-" + at[2] + "-" + at[3]
		if at[4] != "" {
			text += "T" + at[4] + ":" + at[5] + ":" + at[6] + at[7]
		}
	}
	return name, parameters, cardText.Replace(text)
}

// cardTimes are properties whose values are times, and cardTime how these are written.
const cardTimes = " dtstart dtend dtstamp due created completed last_modified recurrence_id bday anniversary rev "

var cardTime = pattern(`^([0-9]{4})([0-9]{2})([0-9]{2})(?:T([0-9]{2})([0-9]{2})([0-9]{2})(Z?))?$`)

// quotedParts cuts at semicolons outside of quotes.
func quotedParts(head string) []string {
	var parts []string
	start, isQuoted := 0, false
	for i, r := range head {
		switch {
		case r == '"':
			isQuoted = !isQuoted
		case r == ';' && !isQuoted:
			parts = append(parts, head[start:i])
			start = i + 1
		}
	}
	return append(parts, head[start:])
}

func fieldName(name string) string { return strings.ToLower(strings.ReplaceAll(name, "-", "_")) }

// cardText reads the letters that are escaped in a value.
var cardText = strings.NewReplacer(`\\`, `\`, `\n`, "\n", `\N`, "\n", `\,`, ",", `\;`, ";")
