package n8n

import (
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
		n.note("gives the table as a text in the field table; here it is a file")
		return target{"file.write", object(text("format", "html"), text("destination", "table"))}
	}
	return target{}
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
		if skip := one.Get("skipSelectors").Text(); !one.Get("skipSelectors").IsMissing() && skip != "" {
			n.note("leaves out parts of what it finds (%s); here it does not", skip)
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
	name := text("destination", n.text("destinationKey", "data"))
	if n.text("mode", "htmlToMarkdown") == "htmlToMarkdown" {
		return target{"markdown", object(text("op", "to_markdown"), member("text", n.value("html")), name)}
	}
	return target{"markdown", object(text("op", "to_html"), member("text", n.value("markdown")), name)}
}
