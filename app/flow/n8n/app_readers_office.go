package n8n

import (
	"regexp"
	"strings"
	"sync"

	"zygo/app/value"
)

// officeReaders are those of the services of Google and Microsoft.
var officeReaders = sync.OnceValue(func() map[string]paramReader {
	return map[string]paramReader{
		"sheetDocument": {func(n *node) value.Value { return first(n.locator("documentId"), n.locator("sheetId")) }, "documentId sheetId"},
		"sheetName":     {sheetName, "sheetName range sheet"},
		"sheetRange":    {sheetRange, "range options.dataLocationOnSheet options.locationDefine"},
		"sheetFilters": {func(n *node) value.Value {
			if n.at("filtersUI.values").Len() == 0 {
				return value.Value{}
			}
			return n.rows("filtersUI.values", "lookupColumn", "lookupValue")
		}, "filtersUI"},
		"sheetAny": {func(n *node) value.Value { return flag(n.text("combineFilters", "AND") == "OR") }, "combineFilters"},
		"sheetFirst": {func(n *node) value.Value {
			all := n.text("options.returnAllMatches", "") == "returnAllMatches" || n.version >= 4.5 && !n.is("options.returnFirstMatch", false)
			return flag(n.at("filtersUI.values").Len() > 0 && !all)
		}, "options.returnAllMatches options.returnFirstMatch"},
		"sheetLookup": {func(n *node) value.Value {
			return object(value.Member{Key: n.text("lookupColumn", ""), Value: n.value("lookupValue")})
		}, "lookupColumn lookupValue"},
		"sheetLookupFirst": {func(n *node) value.Value { return flag(!n.is("options.returnAllMatches", false)) }, "options.returnAllMatches"},
		"sheetRow":         {sheetRow, "columns dataMode fieldsUi fieldsUi.fieldValues valueToMatchOn"},
		"sheetWidens":      {sheetWidens, "options.handlingExtraData"},
		"sheetMatch":       {sheetMatch, "columns columnToMatchOn key options.compareColumn"},
		"sheetInput": {func(n *node) value.Value {
			if n.text("options.cellFormat", n.text("options.valueInputMode", n.text("valueInputMode", ""))) == "RAW" {
				return value.String("RAW")
			}
			return value.Value{}
		}, "options.cellFormat options.valueInputMode valueInputMode"},
		"sheetClear": {func(n *node) value.Value {
			switch n.text("clear", "wholeSheet") {
			case "specificRange":
				return n.value("range")
			case "wholeSheet":
				if n.is("keepFirstRow", false) {
					return value.String("A2:ZZZ")
				}
			default:
				n.note("clears rows or columns by their numbers; write the range that it clears")
			}
			return value.Value{}
		}, "clear range keepFirstRow startIndex rowsToDelete columnsToDelete"},
		"sheetDimension": {func(n *node) value.Value {
			return value.String(map[bool]string{true: "COLUMNS", false: "ROWS"}[n.text("toDelete", "rows") == "columns"])
		}, "toDelete"},
		"sheetTitles": {func(n *node) value.Value {
			var names []string
			for _, one := range n.at("sheetsUi.sheetValues").Elements() {
				if title := converted(one.Get("title")).Text(); !one.Get("title").IsMissing() {
					names = append(names, title)
				}
			}
			return texts(names)
		}, "sheetsUi"},
		"driveFile": {func(n *node) value.Value {
			return value.String(n.text("inputDataFieldName", n.text("binaryPropertyName", "data")))
		}, "inputDataFieldName binaryPropertyName"},
		"driveFolder": {driveFolder, "folderId parents driveId"},
		"driveName": {func(n *node) value.Value {
			if n.text("searchMethod", "name") != "name" {
				return value.Value{}
			}
			return n.value("queryString")
		}, "queryString"},
		"driveQuery": {func(n *node) value.Value {
			if n.text("searchMethod", "name") != "query" {
				return value.Value{}
			}
			return n.value("queryString")
		}, "queryString"},
		"driveSearched": {func(n *node) value.Value { return n.folder("filter.folderId") }, "filter.folderId filter.driveId"},
		"driveWhat": {func(n *node) value.Value {
			if what := n.text("filter.whatToSearch", "all"); what == "files" || what == "folders" {
				return value.String(what)
			}
			return value.Value{}
		}, "filter.whatToSearch"},
	}
})

// sheetName is the name on a sheet's tab. n8n often knows a sheet by a number, beside which its name stands.
func sheetName(n *node) value.Value {
	given := n.at("sheetName")
	if given.IsMissing() {
		name, _, found := strings.Cut(n.text("range", ""), "!")
		if !found {
			n.note("means the first sheet; write its name")
			return value.String("Sheet1")
		}
		return value.String(strings.Trim(name, "'"))
	}
	if given.Kind() != value.ObjectKind || given.Get("mode").Raw() == "name" {
		return n.locator("sheetName")
	}
	if cached := given.Get("cachedResultName").Raw(); cached != "" {
		return value.String(literal(cached))
	}
	raw := given.Get("value").Raw()
	switch {
	case given.Get("mode").Raw() == "url" && strings.HasPrefix(raw, "="):
		return value.String("{{ 'gid=' + (String(" + script(raw) + ").match(/gid=([0-9]+)/)?.[1] ?? '0') }}")
	case given.Get("mode").Raw() == "url":
		if found := sheetNumber.FindString(raw); found != "" {
			return value.String(found)
		}
		return value.String("gid=0")
	case strings.HasPrefix(raw, "="):
		return value.String("{{ 'gid=' + String(" + script(raw) + ").replace('gid=', '') }}")
	case raw == "":
		return value.Value{}
	}
	return value.String("gid=" + strings.TrimPrefix(raw, "gid="))
}

var sheetNumber = regexp.MustCompile(`gid=[0-9]+`)

// sheetWidens tells that columns are added for fields that have none, as n8n does where it maps by itself.
func sheetWidens(n *node) value.Value {
	isOwn := n.at("columns.mappingMode").Raw() == "defineBelow" || n.at("dataMode").Raw() == "defineBelow" || n.at("fieldsUi.values").Len() > 0
	return flag(!isOwn && n.text("options.handlingExtraData", "insertInNewColumn") == "insertInNewColumn")
}

func sheetRange(n *node) value.Value {
	if v := n.value("options.dataLocationOnSheet.values.range"); !v.IsMissing() {
		return v
	}
	if n.version >= 3 {
		return value.Value{}
	}
	_, inside, found := strings.Cut(n.text("range", ""), "!")
	if !found {
		inside = n.text("range", "")
	}
	if inside == "" {
		return value.Value{}
	}
	return value.String(inside)
}

// sheetRow are the fields of a row by the columns.
func sheetRow(n *node) value.Value {
	switch {
	case n.at("columns.mappingMode").Raw() == "defineBelow":
		return n.value("columns.value")
	case n.at("dataMode").Raw() == "defineBelow", n.at("fieldsUi.values").Len() > 0:
		row := n.rows("fieldsUi.values", "fieldId", "fieldValue")
		if n.rows("fieldsUi.values", "column", "fieldValue").Len() > 0 {
			row = n.rows("fieldsUi.values", "column", "fieldValue")
		}
		if key := n.text("columnToMatchOn", ""); key != "" && !n.at("valueToMatchOn").IsMissing() {
			row, _ = row.Set(value.Path{value.Key(key)}, n.value("valueToMatchOn"))
		}
		return row
	}
	return value.String("{{ $json }}")
}

// sheetMatch is the column by which a row is found.
func sheetMatch(n *node) value.Value {
	if columns := n.at("columns.matchingColumns"); columns.Len() > 0 {
		if columns.Len() > 1 {
			n.note("finds a row by %d columns; here by the first", columns.Len())
		}
		return converted(columns.At(0))
	}
	return first(n.value("columnToMatchOn"), n.value("key"), n.value("options.compareColumn"), value.String("id"))
}

// folder is a place of Drive. The root has no id that people know.
func (n *node) folder(path string) value.Value {
	v := n.locator(path)
	if v.Kind() == value.StringKind && (v.Raw() == "root" || v.Raw() == "/ (Root folder)") {
		return value.String("root")
	}
	return v
}

func driveFolder(n *node) value.Value {
	if list := n.at("parents"); list.Len() > 0 {
		return converted(list.At(0))
	}
	return n.folder("folderId")
}

// operationReaders are operations that one parameter alone does not tell.
var operationReaders = map[string]func(n *node) []value.Member{
	"docsRead": func(n *node) []value.Member {
		operation := "get"
		if !n.is("simple", true) {
			operation = "get_whole"
		}
		return []value.Member{text("operation", operation), member("document", n.document())}
	},
	"docsChange":      docsChange,
	"whatsAppMessage": whatsAppMessage,
}

var documentID = regexp.MustCompile(`/d/([-\w]+)`)

// document is the id of a document, which n8n takes as an address too.
func (n *node) document() value.Value {
	v := n.value("documentURL")
	if found := documentID.FindStringSubmatch(v.Raw()); found != nil && v.Kind() == value.StringKind && !strings.Contains(v.Raw(), "{{") {
		return value.String(found[1])
	}
	return v
}

// docsChange is the first action of an update; n8n does several one after the other.
func docsChange(n *node) []value.Member {
	actions := n.at("actionsUi.actionFields")
	one := actions.At(0)
	if actions.Len() > 1 {
		n.note("changes the document in %d ways; here in the first", actions.Len())
	}
	members := []value.Member{member("document", n.document())}
	switch action := or(one.Get("action").Raw(), "insert"); {
	case action == "replaceAll":
		return append(members, text("operation", "replace_text"), member("find", converted(one.Get("text"))),
			member("text", converted(one.Get("replaceText"))), member("match_case", converted(one.Get("matchCase"))))
	case action == "insert" && or(one.Get("locationChoice").Raw(), "endOfSegmentLocation") == "endOfSegmentLocation":
		return append(members, text("operation", "append_text"), member("text", converted(one.Get("text"))))
	case action == "insert":
		return append(members, text("operation", "insert_text"), member("text", converted(one.Get("text"))), member("index",
			converted(one.Get("index"))))
	}
	return nil
}

func whatsAppMessage(n *node) []value.Member {
	members := []value.Member{member("phone", n.value("phoneNumberId")), member("to", n.value("recipientPhoneNumber"))}
	switch kind := n.text("messageType", "text"); kind {
	case "text":
		return append(members, text("operation", "send_text"), member("text", n.value("textBody")), member("preview", n.value("previewUrl")))
	case "image", "document", "audio", "video":
		if n.text("mediaPath", "useMediaLink") == "useMediaLink" {
			return append(members, text("operation", "send_media"), text("kind", kind), member("link", n.value("mediaLink")),
				member("caption", n.value("additionalFields.mediaCaption")))
		}
		if n.text("mediaPath", "") == "useMediaId" {
			return append(members, text("operation", "send_media"), text("kind", kind), member("media", n.value("mediaId")))
		}
	}
	return nil
}
