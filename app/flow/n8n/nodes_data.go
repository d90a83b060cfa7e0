package n8n

import (
	"fmt"
	"strings"

	"zygo/app/value"
)

func readSet(n *node) target {
	switch {
	case n.version < 3:
		return n.oldSet()
	case n.at("mode").Raw() == "raw":
		return n.rawSet()
	}
	var rows []value.Value
	isFlat := !n.is("options.dotNotation", true)
	name := func(a value.Value) value.Value {
		if written := converted(a.Get("name")); isFlat || written.Raw() != "" {
			return written
		}
		return value.String(`[""]`) // the path to the field without a name
	}
	for _, a := range n.at("assignments.assignments").Elements() {
		kind := a.Get("type").Text()
		if kind == "any" || a.Get("type").IsMissing() {
			kind = "auto"
		}
		rows = append(rows, object(member("name", name(a)), text("type", kind), member("value", converted(a.Get("value")))))
	}
	for _, a := range n.at("fields.values").Elements() {
		kind := strings.TrimSuffix(or(a.Get("type").Raw(), "stringValue"), "Value")
		rows = append(rows, object(member("name", name(a)), text("type", kind), member("value", converted(a.Get(kind+"Value")))))
	}
	members := append([]value.Member{member("assignments", value.List(rows...))}, n.kept()...)
	if isFlat {
		members = append(members, member("dot_notation", value.Bool(false)))
	}
	if n.is("duplicateItem", false) {
		members = append(members, member("test_copies", n.value("duplicateCount")))
	}
	members = append(members, member("keep_wrong", flag(n.is("options.ignoreConversionErrors", false))))
	return target{"set", object(members...)}
}

// kept says which other fields an item keeps.
func (n *node) kept() []value.Member {
	include := n.text("include", "all")
	if n.version >= 3.3 && !n.is("includeOtherFields", false) {
		include = "none"
	}
	switch include {
	case "selected":
		return []value.Member{text("keep", "selected"), member("fields", texts(n.names("includeFields")))}
	case "except":
		n.note("left out some fields (%s); here it keeps all", strings.Join(n.names("excludeFields"), ", "))
	case "none":
		return []value.Member{text("keep", "none")}
	}
	return []value.Member{text("keep", "all")}
}

// rawSet is a Set whose item is written as JSON. A script reads it.
func (n *node) rawSet() target {
	source := "const made = " + script(or(n.at("jsonOutput").Raw(), "{}")) + "\n" + readLeniently +
		"const read = typeof made === 'string' ? parsed(made) : made\n"
	if n.kept()[0].Value.Raw() == "none" {
		source += "return { json: read }"
	} else {
		source += "return { json: { ...$json, ...read } }"
	}
	return target{"code", object(text("mode", "each"), text("source", source))}
}

// readLeniently is a function that reads JSON into which values were written: a line break within a text and a missing value are meant.
const readLeniently = `const parsed = text => {
  try { return JSON.parse(text) } catch {
    return JSON.parse(text.replace(/"(?:[^"\\]|\\[^])*"|:\s*(?:undefined)?\s*(?=[,}\]])/g, part => part[0] === '"'
      ? part.replace(/[\n\r\t]/g, c => ({ '\n': '\\n', '\r': '\\r', '\t': '\\t' })[c]) : ': null'))
  }
}
`

func (n *node) oldSet() target {
	var rows []value.Value
	for _, kind := range []string{"boolean", "number", "string"} {
		for _, a := range n.at("values." + kind).Elements() {
			if kind != "string" {
				kind = "auto" // there it is what was written
			}
			rows = append(rows, object(member("name", converted(a.Get("name"))), text("type", kind), member("value", converted(a.Get("value")))))
		}
	}
	keep := "all"
	if n.is("keepOnlySet", false) {
		keep = "none"
	}
	return target{"set", object(member("assignments", value.List(rows...)), text("keep", keep))}
}

func readCode(n *node) target {
	if language := n.text("language", "javaScript"); language != "javaScript" {
		n.reason = "is written in Python, which the node Code does not run; write it in JavaScript. It stands for itself and lets items pass"
		return target{}
	}
	mode := "all"
	if n.at("mode").Raw() == "runOnceForEachItem" {
		mode = "each"
	}
	return target{"code", object(text("mode", mode), text("source", n.at("jsCode").Raw()), member("one_item", flag(mode == "each")))}
}

func readFunction(n *node) target {
	return target{"code", object(text("mode", "all"), text("source", n.at("functionCode").Raw()))}
}

func readFunctionItem(n *node) target {
	return target{"code", object(text("mode", "each"), text("source", "return (function (item) {\n"+n.at("functionCode").Raw()+"\n})($json)"))}
}

func readLimit(n *node) target {
	from := "first"
	if n.at("keep").Raw() == "lastItems" {
		from = "last"
	}
	count := n.value("maxItems")
	if count.IsMissing() {
		count = value.Int(1)
	}
	return target{"items", object(text("op", "limit"), member("count", count), text("from", from))}
}

func readSort(n *node) target {
	switch n.text("type", "simple") {
	case "random":
		return target{"items", object(text("op", "shuffle"))}
	case "code":
		source := n.at("code").Raw()
		if !strings.Contains(source, "return") {
			source = "throw new Error('The code that sorts has no return.')"
		}
		return target{"code", object(text("mode", "all"), text("source", "return $input.all().sort((a, b) => {\n"+source+"\n})"))}
	}
	var keys []value.Value
	for _, key := range n.at("sortFieldsUi.sortField").Elements() {
		keys = append(keys, object(member("field", converted(key.Get("fieldName"))), text("order", or(key.Get("order").Raw(), "ascending"))))
	}
	return target{"items", object(text("op", "sort"), member("by", value.List(keys...)))}
}

func readDedupe(n *node) target {
	switch operation := n.text("operation", "removeDuplicateInputItems"); {
	case n.version < 2 || operation == "removeDuplicateInputItems":
	case operation == "removeItemsSeenInPreviousExecutions":
		return readNew(n)
	default:
		return target{}
	}
	compare, fields := "all", []string(nil)
	switch n.at("compare").Raw() {
	case "selectedFields":
		compare, fields = "selected", n.names("fieldsToCompare")
	case "allFieldsExcept":
		compare, fields = "except", n.names("fieldsToExclude")
	}
	return target{"items", object(text("op", "dedupe"), text("compare", compare), member("fields", texts(fields)))}
}

func readSplitOut(n *node) target {
	include := map[string]string{"allOtherFields": "all", "selectedOtherFields": "selected"}[n.at("include").Raw()]
	return target{"items", object(text("op", "split_out"), member("fields", texts(n.names("fieldToSplitOut"))),
		text("include", or(include, "none")), member("include_fields", texts(n.names("fieldsToInclude"))),
		member("destination", n.value("options.destinationFieldName")), n.files("options.includeBinary", include == "all"))}
}

// files is what becomes of the files of items, which are no fields there. One that is no part of the result needs no word.
func (n *node) files(option string, isPart bool) value.Member {
	switch {
	case n.is(option, false) && n.is("options.keepOnlyUnique", false):
		return text("files", "unique")
	case n.is(option, false):
		return text("files", "beside")
	case isPart:
		return text("files", "none")
	}
	return value.Member{}
}

func readAggregate(n *node) target {
	if n.text("aggregate", "aggregateIndividualFields") == "aggregateAllItemData" {
		compare, fields := "all", []string(nil)
		switch n.at("include").Raw() {
		case "specifiedFields":
			compare, fields = "selected", n.names("fieldsToInclude")
		case "allFieldsExcept":
			compare, fields = "except", n.names("fieldsToExclude")
		}
		destination := n.text("destinationFieldName", "data")
		if n.is("options.includeBinaries", false) && destination == "data" {
			n.note("puts a list and files beside it into the item; a file named data takes the place of the list, so give the list another name")
		}
		return target{"items", object(text("op", "collect"), text("compare", compare), member("fields", texts(fields)),
			text("destination", destination), n.files("options.includeBinaries", compare != "selected"))}
	}
	var lists []value.Value
	field := converted
	if n.is("options.disableDotNotation", false) {
		field = func(v value.Value) value.Value { return value.String(oneKey(v.Text())) }
	}
	for _, l := range n.at("fieldsToAggregate.fieldToAggregate").Elements() {
		as := value.Value{}
		if l.Get("renameField").Truthy() {
			as = converted(l.Get("outputFieldName"))
		} else if n.is("options.disableDotNotation", false) {
			as = converted(l.Get("fieldToAggregate"))
		}
		lists = append(lists, object(member("field", field(l.Get("fieldToAggregate"))), member("as", as)))
	}
	return target{"items", object(text("op", "aggregate"), member("lists", value.List(lists...)),
		member("merge_lists", flag(n.is("options.mergeLists", false))), member("keep_missing", flag(n.is("options.keepMissing", false))),
		n.files("options.includeBinaries", false))}
}

func readSummarize(n *node) target {
	var sums []value.Value
	empty := false
	for _, v := range n.at("fieldsToSummarize.values").Elements() {
		do := or(v.Get("aggregation").Raw(), "count")
		if do == "countUnique" {
			do = "count_unique"
		}
		empty = empty || v.Get("includeEmpty").Truthy()
		sums = append(sums, object(text("do", do), member("field", converted(v.Get("field"))),
			member("separator", converted(v.Get("separateBy")))))
	}
	return target{"items", object(text("op", "summarize"), member("values", value.List(sums...)), member("keep_empty", flag(empty)),
		member("group_by", texts(n.names("fieldsToSplitBy"))), member("nested", flag(n.at("options.outputFormat").Raw() == "singleItem")),
		member("skip_ungrouped", flag(n.is("options.skipEmptySplitFields", false))))}
}

func readRename(n *node) target {
	var names []value.Value
	for _, key := range n.at("keys.key").Elements() {
		if key.Get("currentKey").Raw() == "" || key.Get("newKey").Raw() == "" {
			continue // there it does nothing
		}
		names = append(names, object(member("from", converted(key.Get("currentKey"))), member("to", converted(key.Get("newKey")))))
	}
	if n.at("additionalOptions.regexReplacement.replacements").Len() > 0 {
		if len(names) == 0 {
			return n.renameByPattern()
		}
		n.note("renamed fields by a pattern; here it does not")
	}
	return target{"items", object(text("op", "rename"), member("names", value.List(names...)))}
}

// renameByPattern renames fields by patterns, which a script does.
func (n *node) renameByPattern() target {
	source := "const rename = (object, pattern, to, depth) => {\n" +
		"  if (object === null || typeof object !== 'object' || Array.isArray(object)) return object\n" +
		"  const made = {}\n  for (const [key, value] of Object.entries(object)) {\n" +
		"    made[key.replace(pattern, to)] = depth === 0 ? value : rename(value, pattern, to, depth - 1)\n  }\n  return made\n}\nlet json = $json\n"
	for _, one := range n.at("additionalOptions.regexReplacement.replacements").Elements() {
		flags := "g"
		if one.Get("options").Get("caseInsensitive").Truthy() {
			flags = "gi"
		}
		depth := int64(-1)
		if given, ok := one.Get("options").Get("depth").Whole(); ok {
			depth = given
		}
		source += fmt.Sprintf("json = rename(json, new RegExp(%s, %q), %s, %d)\n", script(one.Get("searchRegex").Text()), flags,
			script(one.Get("replaceRegex").Text()), depth)
	}
	return target{"code", object(text("mode", "each"), text("source", source+"return json"))}
}

// readItemLists is what n8n divided into nodes of their own later.
func readItemLists(n *node) target {
	switch n.text("operation", "splitOutItems") {
	case "splitOutItems":
		return readSplitOut(n)
	case "aggregateItems", "concatenateItems":
		return readAggregate(n)
	case "limit":
		return readLimit(n)
	case "removeDuplicates":
		return readDedupe(n)
	case "sort":
		return readSort(n)
	case "summarize":
		return readSummarize(n)
	}
	return target{}
}

// oneKey is a path to one field, also where the field's name has dots.
func oneKey(name string) string {
	if !strings.ContainsAny(name, ".[") || strings.Contains(name, "{{") {
		return name
	}
	return "[" + value.String(name).JSON() + "]"
}

func readCrypto(n *node) target {
	given := n.value("value")
	if n.is("binaryData", false) {
		given = value.String("{{ " + pathExpression(n.text("binaryPropertyName", "data")) + " }}")
	}
	config := []value.Member{member("value", given), text("destination", oneKey(n.text("dataPropertyName", "data"))),
		text("encoding", n.text("encoding", "hex"))}
	switch action := n.text("action", "hash"); action {
	case "hash":
		return target{"crypto", object(append(config, text("op", "hash"), text("hash", n.text("type", "MD5")))...)}
	case "hmac":
		n.note("had its key among its parameters; make a secret of it")
		return target{"crypto", object(append(config, text("op", "hmac"), text("hash", n.text("type", "MD5")))...)}
	case "generate":
		random, length := n.text("encodingType", "uuid"), n.value("stringLength")
		if length.IsMissing() {
			length = value.Int(32)
		}
		return target{"crypto", object(text("op", "random"), text("random", random), member("length", length), config[1])}
	}
	return target{}
}
