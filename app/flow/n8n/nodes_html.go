package n8n

import (
	"slices"
	"strings"

	"zygo/app/value"
)

func readHTML(n *node) target {
	switch n.text("operation", "generateHtmlTemplate") {
	case "extractHtmlContent":
		return n.htmlExtract()
	case "generateHtmlTemplate":
		return target{"set", object(member("assignments", value.List(object(text("name", "html"), text("type", "string"),
			member("value", n.value("html"))))), text("keep", "none"))}
	case "convertToHtmlTable":
		return n.htmlTable()
	}
	return target{}
}

// htmlTable is a table as a text, with the styles and attributes that a page wants. A script writes it, in which a person can change them.
func (n *node) htmlTable() target {
	table, head, cell := "", "", ""
	if !n.is("options.customStyling", false) {
		table = "style='border-spacing:0; font-family:helvetica,arial,sans-serif'"
		head = "style='margin:0; padding:7px 20px 7px 0px; border-bottom:1px solid #eee; text-align:left; color:#888; font-weight:normal'"
		cell = "style='margin:0; padding:7px 20px 7px 0px; border-bottom:1px solid #eee'"
	}
	option := func(name string) string { return script(n.at("options." + name).Raw()) }
	caption, title := `""`, "name"
	if !n.at("options.caption").IsMissing() {
		caption = "`<caption>${" + option("caption") + "}</caption>`"
	}
	if n.is("options.capitalize", false) {
		title = "name.split('_').filter(word => word).map(word => word[0].toUpperCase() + word.slice(1)).join(' ')"
	}
	source := "// Values stand in the table as they are: HTML in them is a part of the page.\n" +
		"const rows = $input.all().map(item => item.json)\n" +
		"const names = [...new Set(rows.flatMap(row => Object.keys(row)))]\n" +
		"const shown = v => typeof v === 'boolean' ? `<input type=\"checkbox\" ${v ? 'checked=\"checked\"' : ''}/>` : `${v}`\n" +
		"const head = names.map(name => `<th>${" + title + "}</th>`).join('')\n" +
		"const body = rows.map(row => `<tr  ${" + option("rowAttributes") + "}>` + names.map(name =>\n" +
		"  `<td " + cell + " ${" + option("cellAttributes") + "}>${shown(row[name])}</td>`).join('') + '</tr>').join('')\n" +
		"return { json: { table: `<table " + table + " ${" + option("tableAttributes") + "}>` + " + caption + " +\n" +
		"  `<thead " + head + " ${" + option("headerAttributes") + "}><tr>${head}</tr></thead><tbody>${body}</tbody></table>` } }"
	return target{"code", object(text("mode", "all"), text("source", source))}
}

// htmlExtract takes values out of a page: one item for each page, with a field for each selector.
func (n *node) htmlExtract() target {
	var fields []value.Value
	for _, one := range n.at("extractionValues.values").Elements() {
		take := or(one.Get("returnValue").Raw(), "text")
		if take == "value" {
			n.note("takes the value of an input; here it takes its attribute value")
			take = "attribute"
		}
		attribute := one.Get("attribute").Raw()
		if one.Get("returnValue").Raw() == "value" {
			attribute = "value"
		}
		selector := strings.TrimPrefix(one.Get("cssSelector").Raw(), "=")
		if strings.Contains(selector, "{{") {
			n.note("finds %s by a selector with an expression; write the selector", one.Get("key").Text())
			selector = ""
		}
		row := []value.Member{member("name", converted(one.Get("key"))), text("selector", selector), text("take", take)}
		if take == "attribute" {
			row = append(row, text("attribute", attribute))
		}
		if skip := strings.TrimPrefix(one.Get("skipSelectors").Raw(), "="); take == "text" && strings.Contains(skip, "{{") {
			n.note("leaves out parts that an expression names; write the selector")
		} else if take == "text" && skip != "" {
			row = append(row, text("skip", skip))
		}
		fields = append(fields, object(append(row, member("all", flag(one.Get("returnArray").Truthy())))...))
	}
	name := n.text("dataPropertyName", "data")
	if n.text("sourceData", "json") == "binary" {
		name = n.text("dataPropertyName", "data")
	}
	if strings.Contains(name, "{{") {
		n.note("reads a page from a field that an expression names; write the name of the field")
		name = "data"
	}
	return target{"file.read", object(text("file", name), text("format", "html"), member("fields", value.List(fields...)))}
}

func readMarkdown(n *node) target {
	config := []value.Member{text("destination", n.text("destinationKey", "data"))}
	mark := func(name, here, usual string, choices ...string) {
		given := n.text("options."+name, usual)
		if !slices.Contains(choices, given) {
			n.note("writes Markdown with %s as its %s, which is not here", given, name)
			given = usual
		}
		config = append(config, text(here, given))
	}
	if n.text("mode", "htmlToMarkdown") == "htmlToMarkdown" {
		mark("emDelimiter", "emphasis", "_", "_", "*")
		mark("strongDelimiter", "strong", "**", "**", "__")
		mark("bulletMarker", "bullet", "*", "*", "-", "+")
		mark("codeFence", "fence", "```", "```", "~~~")
		fence := &config[len(config)-1].Value
		*fence = value.String(map[string]string{"```": "backticks", "~~~": "tildes"}[fence.Raw()])
		without := n.names("options.ignore")
		if !n.is("options.keepDataImages", false) {
			without = append(without, `img[src^="data:"]`)
		}
		n.without("blockElements", "globalEscape", "lineStartEscape", "maxConsecutiveNewlines", "textReplace", "useLinkReferenceDefinitions")
		return target{"markdown", object(append(config, text("op", "to_markdown"), member("text", n.value("html")),
			text("without", strings.Join(without, ", ")))...)}
	}
	var additions []string
	for _, one := range [][2]string{{"tables", "tables"}, {"strikethrough", "strikethrough"}, {"tasklists", "tasks"},
		{"simplifiedAutoLink", "links"}} {
		if n.is("options."+one[0], false) {
			additions = append(additions, one[1])
		}
	}
	ids := "letters"
	switch {
	case n.is("options.noHeaderId", false):
		ids = "none"
	case n.is("options.ghCompatibleHeaderId", false):
		ids = "github"
	}
	n.without("backslashEscapesHTMLTags", "completeHTMLDocument", "customizedHeaderId", "emoji", "headerLevelStart", "ghMentions",
		"parseImgDimensions", "prefixHeaderId", "rawHeaderId", "underline")
	return target{"markdown", object(append(config, text("op", "to_html"), member("text", n.value("markdown")), text("heading_ids", ids),
		text("dialect", "plain"), member("additions", texts(additions)), member("html", value.Bool(true)),
		member("breaks", flag(n.is("options.simpleLineBreaks", false))),
		member("new_window", flag(n.is("options.openLinksInNewWindow", false))))...)}
}

// without notes options that are used and not here.
func (n *node) without(options ...string) {
	for _, option := range options {
		if n.is("options."+option, false) {
			n.note("converts with the option %s, which is not here", option)
		}
	}
}
