package n8n

import (
	"strings"

	"zygo/app/value"
)

// readFileType makes nodes that read and make files of n8n's.
func readFileType(n *node) target {
	switch n.kind {
	case "extractFromFile":
		return n.extract(n.text("operation", "csv"), n.text("binaryPropertyName", "data"))
	case "readPDF":
		return n.extract("pdf", n.text("binaryPropertyName", "data"))
	case "convertToFile":
		return n.convert(n.text("operation", "csv"))
	case "spreadsheetFile":
		return readSpreadsheet(n)
	case "moveBinaryData":
		return readMoveBinary(n)
	case "html":
		return readHTML(n)
	case "htmlExtract":
		return n.htmlExtract()
	case "compression":
		return readCompression(n)
	case "xml":
		return readXML(n)
	case "iCal":
		return readCalendar(n)
	}
	return target{}
}

// readFormats are what n8n reads, by its names.
var readFormats = map[string]string{"csv": "csv", "fromJson": "json", "xlsx": "xlsx", "xml": "xml", "fromIcs": "ics", "pdf": "pdf", "text": "text", "html": "html_table"}

// extract makes items of a file.
func (n *node) extract(operation, file string) target {
	as, ok := readFormats[operation]
	if !ok {
		if operation == "binaryToPropery" || operation == "binaryToProperty" {
			// The text of the file in base64, as it stands in the file here.
			return target{"set", object(member("assignments", value.List(object(text("name", n.text("destinationKey", "data")), text("type",
				"string"),
				text("value", "{{ $json["+value.String(file).JSON()+"].base64 }}")))), text("keep", "none"))}
		}
		return n.unread("a file of the type " + operation)
	}
	config := []value.Member{text("file", file), text("format", as)}
	switch as {
	case "text", "xml", "json", "ics", "pdf":
		key := n.text("destinationKey", map[string]string{"pdf": "text"}[as])
		if as == "pdf" {
			n.note("gave the number of pages, the data of the document and its text; here it gives the text of the pages")
		} else {
			config = append(config, text("destination", or(key, "data")),
				member("alone", flag(!strings.Contains("json both", n.text("options.keepSource", "none")))))
		}
	case "csv", "xlsx", "html_table":
		config = append(config, member("empty", value.Bool(n.is("options.includeEmptyCells", false))))
		if as == "csv" {
			config = append(config, member("unmarked", flag(n.is("options.enableBOM", false))), member("most", n.value("options.maxRowCount")))
		}
		config = append(config, member("header", n.value("options.headerRow")), member("sheet", n.value("options.sheetName")),
			member("range", n.value("options.range")))
		if separator := separators[n.text("options.delimiter", "")]; separator != "" && as == "csv" {
			config = append(config, text("separator", separator))
		}
	}
	if encoding := n.text("options.encoding", ""); encoding != "" && !strings.EqualFold(encoding, "utf8") && !strings.EqualFold(encoding,
		"utf-8") && as != "pdf" && as != "xlsx" {
		config = append(config, text("encoding", encoding))
	}
	if n.text("options.password", "") != "" {
		n.note("reads a file with a password, which Zygo can't open")
	}
	if as == "csv" || as == "html_table" {
		config = without(config, "sheet", "range")
	}
	if as == "html_table" {
		config = append(config, member("typed", value.Bool(!n.is("options.rawData", false))))
	}
	return target{"file.read", object(config...)}
}

// separators are those of cells, by the character.
var separators = map[string]string{",": "comma", ";": "semicolon", "\t": "tab", "|": "pipe"}

func without(members []value.Member, names ...string) []value.Member {
	var kept []value.Member
	for _, m := range members {
		if !strings.Contains(" "+strings.Join(names, " ")+" ", " "+m.Key+" ") {
			kept = append(kept, m)
		}
	}
	return kept
}

// unread says why a node stays a placeholder.
func (n *node) unread(what string) target {
	n.reason = "works with " + what + ", which Zygo does not have. It stands for itself and lets items pass; replace it"
	return target{}
}

// writeFormats are what n8n makes, by its names.
var writeFormats = map[string]string{"csv": "csv", "xlsx": "xlsx", "toJson": "json", "html": "html", "toText": "text"}

// convert makes a file of items.
func (n *node) convert(operation string) target {
	destination := text("destination", n.text("binaryPropertyName", "data"))
	name := n.value("options.fileName")
	if operation == "toBinary" {
		return n.fromBase64(n.text("sourceProperty", "data"), n.text("binaryPropertyName", "data"))
	}
	as, ok := writeFormats[operation]
	if !ok {
		return n.unread("a file of the type " + operation)
	}
	if usual, named := map[string]string{"csv": "File", "html": "File", "xlsx": "File"}[as]; named && name.IsMissing() {
		name = value.String(usual)
	}
	config := []value.Member{text("format", as), destination, member("name", name)}
	switch as {
	case "csv", "xlsx", "html":
		config = append(config, member("header", n.value("options.headerRow")))
		if as == "xlsx" {
			config = append(config, member("sheet", n.value("options.sheetName")))
		}
		if as == "csv" {
			config = append(config, member("mark", flag(n.is("options.addBOM", false))), member("formulas", value.Bool(true)))
			if separator := separators[n.text("options.delimiter", ",")]; separator != "" && separator != "comma" {
				config = append(config, text("separator", separator))
			}
		}
	case "text":
		config = append(config, text("of", "each"), text("content", n.field("sourceProperty")))
	case "json":
		if n.text("mode", "once") == "each" {
			config = append(config, text("of", "each"))
		}
		config = append(config, member("lines", flag(n.is("options.format", false))))
	}
	return target{"file.write", object(config...)}
}

// field is the expression for a field of the item that a parameter names. A parameter that is an expression itself stays one.
func (n *node) field(path string) string {
	name := n.text(path, "data")
	if strings.Contains(name, "{{") {
		return name
	}
	return "{{ " + pathExpression(name) + " }}"
}

// pathExpression is a path such as data[0].b64_json in the words of expressions.
func pathExpression(name string) string {
	path, err := value.ParsePath(name)
	if err != nil || len(path) == 0 {
		return "$json[" + value.String(name).JSON() + "]"
	}
	if first, _, _ := strings.Cut(name, "["); identifier.MatchString(strings.ReplaceAll(first, ".", "_")) && !strings.Contains(first, "-") {
		return "$json." + name
	}
	return "$json[" + value.String(name).JSON() + "]"
}

// fromBase64 makes a file of a text in base64.
func (n *node) fromBase64(from, to string) target {
	source := "const from = " + strings.TrimSuffix(strings.TrimPrefix(pathOr(from), "{{ "), " }}") + "\n" +
		"const given = String(from ?? '').replace(/^data:[^,]*,/, '')\n" +
		"return { json: { [" + value.String(to).JSON() + "]: { name: " + nameScript(n.at("options.fileName")) + ", media_type: " +
		nameScript(n.at("options.mimeType")) + " || 'application/octet-stream', base64: given } } }"
	return target{"code", object(text("mode", "each"), text("source", source))}
}

func pathOr(from string) string {
	if strings.Contains(from, "{{") {
		return "{{ " + script("="+from) + " }}"
	}
	return "{{ " + pathExpression(from) + " }}"
}

// nameScript is a text of n8n in JavaScript, or an empty one.
func nameScript(v value.Value) string {
	if v.Kind() != value.StringKind {
		return "''"
	}
	return script(v.Raw())
}

func readSpreadsheet(n *node) target {
	if n.text("operation", "fromFile") == "toFile" {
		format := n.text("fileFormat", "xls")
		if format == "xls" {
			format = "xlsx"
			n.note("made a file of old Excel (.xls); here it is .xlsx")
		}
		return n.convert(format)
	}
	config := []value.Member{text("file", n.text("binaryPropertyName", "data")), member("header", n.value("options.headerRow"))}
	switch format := n.text("fileFormat", "autodetect"); format {
	case "csv":
		config = append(config, text("format", "csv"))
	case "autodetect":
	case "xlsx":
		config = append(config, text("format", "xlsx"), member("sheet", n.value("options.sheetName")), member("range", n.value("options.range")))
	default:
		return n.unread("a file of the type " + format)
	}
	return target{"file.read", object(config...)}
}

func readMoveBinary(n *node) target {
	if n.text("mode", "binaryToJson") == "jsonToBinary" {
		if n.is("convertAllData", true) {
			return target{"file.write", object(text("format", "json"), text("of", "each"), text("destination", n.text("destinationKey", "data")),
				member("name", n.value("options.fileName")))}
		}
		if n.is("options.dataIsBase64", false) {
			return n.fromBase64(n.text("sourceKey", "data"), n.text("destinationKey", "data"))
		}
		return target{"file.write", object(text("format", "text"), text("of", "each"), text("content", n.field("sourceKey")),
			text("destination", n.text("destinationKey", "data")), member("name", n.value("options.fileName")))}
	}
	as := "text"
	if n.is("setAllData", true) || n.is("options.jsonParse", false) {
		as = "json"
	}
	config := []value.Member{text("file", n.text("sourceKey", "data")), text("format", as)}
	if !n.is("setAllData", true) {
		config = append(config, text("destination", n.text("destinationKey", "data")))
	}
	return target{"file.read", object(config...)}
}

func readCompression(n *node) target {
	if n.text("operation", "decompress") == "compress" {
		format := n.text("outputFormat", "zip")
		return target{"file.write", object(text("format", format), text("of", "each"), text("files", n.text("binaryPropertyName", "data")),
			member("name", n.value("fileName")), text("destination", n.text("binaryPropertyOutput", "data")))}
	}
	n.note("gives one item with all files of an archive; here each file becomes an item")
	return target{"file.read", object(text("file", n.text("binaryPropertyName", "data")))}
}

func readXML(n *node) target {
	name := n.text("dataPropertyName", "data")
	var options []string
	option := func(name, here string) {
		if n.is("options."+name, false) {
			options = append(options, here)
		}
	}
	if n.text("mode", "xmlToJson") != "xmlToJson" {
		option("cdata", "cdata")
		option("headless", "headless")
		return target{"file.write", object(text("format", "xml"), text("of", "each"), text("destination", name),
			member("as_text", value.Bool(true)), member("root", n.value("options.rootName")), member("xml", texts(options)),
			member("attributes_in", n.value("options.attrkey")),
			member("text_in", n.value("options.charkey")))}
	}
	option("explicitArray", "lists")
	if !n.is("options.explicitRoot", true) {
		options = append(options, "inside")
	}
	option("trim", "trim")
	option("normalize", "normalize")
	option("normalizeTags", "lower")
	config := []value.Member{text("file", name), text("format", "xml"), member("xml", texts(options)),
		member("text_in", n.value("options.charkey"))}
	switch {
	case n.is("options.ignoreAttrs", false):
		config = append(config, text("attributes", "none"))
	case !n.is("options.mergeAttrs", true):
		config = append(config, text("attributes", "apart"), text("attributes_in", n.text("options.attrkey", "$")))
	}
	return target{"file.read", object(config...)}
}

func readCalendar(n *node) target {
	return n.unread("making a file of a calendar")
}
