package n8n

import (
	"strings"
	"sync"

	"zygo/app/value"
)

// dataReaders are those of the services that keep records, pages and posts.
var dataReaders = sync.OnceValue(func() map[string]paramReader {
	return map[string]paramReader{
		"airtableBase": {func(n *node) value.Value {
			return first(n.locator("base"), n.locator("application"), n.value("baseId"))
		}, "base application baseId"},
		"airtableValues": {airtableValues, "columns fields addAllFields updateAllFields"},
		"airtableFormula": {func(n *node) value.Value {
			return first(n.value("filterByFormula"), n.value("additionalOptions.filterByFormula"))
		}, "filterByFormula additionalOptions.filterByFormula"},
		"airtableView": {func(n *node) value.Value { return first(n.locator("options.view"), n.value("additionalOptions.view")) },
			"options.view additionalOptions.view"},
		"airtableFields": {func(n *node) value.Value { return first(n.list("options.fields"), n.list("additionalOptions.fields")) },
			"options.fields additionalOptions.fields"},
		"airtableSort": {func(n *node) value.Value {
			list := n.at("sort.property")
			if list.Len() > 1 {
				n.note("sorts by %d fields; here by the first", list.Len())
			}
			return converted(list.At(0).Get("field"))
		}, "sort"},
		"airtableDirection": {func(n *node) value.Value { return converted(n.at("sort.property").At(0).Get("direction")) }, "sort"},
		"airtableRecord": {func(n *node) value.Value {
			if id := n.value("columns.value").Get("id"); !id.IsMissing() {
				return id
			}
			if n.at("id").IsMissing() {
				return value.String("{{ $json.id }}")
			}
			return n.value("id")
		}, "id columns"},
		"airtableMatch": {func(n *node) value.Value { return n.list("columns.matchingColumns") }, "columns"},
		"notionSimple": {func(n *node) value.Value {
			if !n.is("simple", n.is("simplifyOutput", true)) {
				return value.Bool(false)
			}
			return value.Value{}
		}, "simple simplifyOutput"},
		"notionIcon": {func(n *node) value.Value {
			if n.text("options.iconType", "emoji") == "emoji" {
				return n.value("options.icon")
			}
			return value.Value{}
		}, "options.icon options.iconType"},
		"notionProperties": {func(n *node) value.Value { return n.notionProperties() }, "title propertiesUi"},
		"notionBlocks":     {notionBlocks, "blockUi"},
		"notionFilter":     {notionFilter, "filters filterType filterJson matchType options.filter"},
		"notionSorts": {func(n *node) value.Value {
			var all []value.Value
			for _, one := range n.at("options.sort.sortValue").Elements() {
				name, _, _ := strings.Cut(one.Get("key").Text(), "|")
				key := "property"
				if one.Get("timestamp").Truthy() {
					key = "timestamp"
				}
				all = append(all, object(text(key, name), text("direction", or(one.Get("direction").Raw(), "ascending"))))
			}
			if all == nil {
				return value.Value{}
			}
			return value.List(all...)
		}, "options.sort"},
		"supabaseRow":     {func(n *node) value.Value { return n.ownOrAll("fieldsUi.fieldValues", "fieldId", "fieldValue") }, "fieldsUi dataToSend"},
		"supabaseFilters": {supabaseFilters, "filters filterType filterString matchType"},
		"nocoRow":         {func(n *node) value.Value { return n.ownOrAll("fieldsUi.fieldValues", "fieldName", "fieldValue") }, "fieldsUi dataToSend"},
		"hubspotMore": {func(n *node) value.Value {
			var members []value.Member
			for key, v := range n.at("additionalFields").Members() {
				if v.Kind() == value.ObjectKind {
					n.note("sets %s, which the connector does not have", key)
					continue
				}
				members = append(members, value.Member{Key: strings.ToLower(strings.Replace(key, "companyName", "company", 1)), Value: converted(v)})
			}
			return value.Object(members...)
		}, "additionalFields"},
	}
})

// ownOrAll are the fields that somebody listed, or all of the item.
func (n *node) ownOrAll(path, key, of string) value.Value {
	if n.text("dataToSend", "defineBelow") == "autoMapInputData" {
		return value.String("{{ $json }}")
	}
	return n.rows(path, key, of)
}

func airtableValues(n *node) value.Value {
	if n.at("columns.mappingMode").Raw() == "defineBelow" {
		var members []value.Member
		for key, v := range n.value("columns.value").Members() {
			if key != "id" {
				members = append(members, value.Member{Key: key, Value: v})
			}
		}
		return value.Object(members...)
	}
	if names := n.names("fields"); len(names) > 0 && !n.is("addAllFields", false) && !n.is("updateAllFields", false) {
		var members []value.Member
		for _, name := range names {
			members = append(members, text(name, "{{ $json["+value.String(name).JSON()+"] }}"))
		}
		return value.Object(members...)
	}
	return value.String("{{ $json }}")
}

// notionProperties are properties as Notion describes them. n8n writes each with its type behind a line.
func (n *node) notionProperties() value.Value {
	var members []value.Member
	for _, one := range n.at("propertiesUi.propertyValues").Elements() {
		name, kind, _ := strings.Cut(one.Get("key").Text(), "|")
		if made := n.notionProperty(kind, one); !made.IsMissing() {
			members = append(members, value.Member{Key: literal(name), Value: object(value.Member{Key: kind, Value: made})})
		}
	}
	if title := n.value("title"); !title.IsMissing() && title.Text() != "" {
		members = append(members, member("title", object(member("title", notionText(title)))))
	}
	return value.Object(members...)
}

func notionText(v value.Value) value.Value {
	return value.List(object(text("type", "text"), member("text", object(member("content", v)))))
}

func (n *node) notionProperty(kind string, one value.Value) value.Value {
	get := func(key string) value.Value { return converted(one.Get(key)) }
	named := func(v value.Value) value.Value {
		if v.IsMissing() {
			return v
		}
		return object(member("name", v))
	}
	switch kind {
	case "title":
		return notionText(get("title"))
	case "rich_text":
		return notionText(get("textContent"))
	case "number":
		return get("numberValue")
	case "select":
		return named(get("selectValue"))
	case "status":
		return named(get("statusValue"))
	case "checkbox":
		if v := get("checkboxValue"); !v.IsMissing() {
			return v
		}
		return value.Bool(false)
	case "url":
		return get("urlValue")
	case "email":
		return get("emailValue")
	case "phone_number":
		return get("phoneValue")
	case "date":
		if one.Get("range").Truthy() {
			return object(member("start", get("dateStart")), member("end", get("dateEnd")))
		}
		return object(member("start", get("date")))
	case "multi_select", "people", "relation":
		return n.notionList(kind, get(map[string]string{"multi_select": "multiSelectValue", "people": "peopleValue", "relation": "relationValue"}[kind]))
	}
	n.note("sets a property of the type %s; write it in the words of Notion", kind)
	return value.Value{}
}

// notionList is a property with several values.
func (n *node) notionList(kind string, given value.Value) value.Value {
	key := map[bool]string{true: "name", false: "id"}[kind == "multi_select"]
	if given.Kind() == value.StringKind && strings.Contains(given.Raw(), "{{") {
		inner := script("=" + given.Raw())
		return value.String("{{ (Array.isArray(" + inner + ") ? " + inner + " : String(" + inner + ").split(',')).map(one => ({ " + key + ": String(one).trim() })) }}")
	}
	var all []value.Value
	list := given
	if given.Kind() == value.StringKind {
		var parts []value.Value
		for part := range strings.SplitSeq(given.Raw(), ",") {
			parts = append(parts, value.String(strings.TrimSpace(part)))
		}
		list = value.List(parts...)
	}
	for _, v := range list.Elements() {
		all = append(all, object(member(key, v)))
	}
	return value.List(all...)
}

// notionBlocks are the blocks of a page, with their text.
func notionBlocks(n *node) value.Value {
	var all []value.Value
	for _, one := range n.at("blockUi.blockValues").Elements() {
		kind := or(one.Get("type").Raw(), "paragraph")
		body := []value.Member{member("rich_text", notionText(converted(one.Get("textContent"))))}
		switch kind {
		case "image":
			all = append(all, object(text("object", "block"), text("type", kind), member(kind, object(text("type", "external"),
				member("external", object(member("url", converted(one.Get("url")))))))))
			continue
		case "to_do":
			body = append(body, member("checked", value.Bool(one.Get("checked").Truthy())))
		}
		if one.Get("richText").Truthy() {
			n.note("has a block with formatted text; write it in the words of Notion")
		}
		all = append(all, object(text("object", "block"), text("type", kind), value.Member{Key: kind, Value: object(body...)}))
	}
	if all == nil {
		return value.Value{}
	}
	return value.List(all...)
}

// notionFilter is a filter in the words of Notion.
func notionFilter(n *node) value.Value {
	switch n.text("filterType", "none") {
	case "json":
		return n.value("filterJson")
	case "none":
		return value.Value{}
	}
	var rows []value.Value
	for _, one := range n.at("filters.conditions").Elements() {
		name, kind, _ := strings.Cut(one.Get("key").Text(), "|")
		var given value.Value
		for key, v := range one.Members() {
			if key != "key" && key != "condition" && key != "type" && key != "returnType" {
				given = converted(v)
			}
		}
		condition := or(one.Get("condition").Raw(), "equals")
		if condition == "is_empty" || condition == "is_not_empty" {
			given = value.Bool(true)
		}
		if kind == "last_edited_time" || kind == "created_time" {
			rows = append(rows, object(text("timestamp", kind), value.Member{Key: kind, Value: object(value.Member{Key: condition, Value: given})}))
			continue
		}
		rows = append(rows, object(text("property", name), value.Member{Key: kind, Value: object(value.Member{Key: condition, Value: given})}))
	}
	switch {
	case len(rows) == 0:
		return value.Value{}
	case len(rows) == 1:
		return rows[0]
	}
	return object(value.Member{Key: map[bool]string{true: "or", false: "and"}[n.text("matchType", "anyFilter") == "anyFilter"],
		Value: value.List(rows...)})
}

// supabaseFilters are conditions by columns.
func supabaseFilters(n *node) value.Value {
	var members []value.Member
	if n.text("filterType", "manual") == "string" {
		// Such as metadata->>id=eq.7&n=gt.1
		for part := range strings.SplitSeq(n.text("filterString", ""), "&") {
			if column, condition, ok := strings.Cut(part, "="); ok && !strings.Contains(column, "{{") {
				members = append(members, value.Member{Key: column, Value: value.String(condition)})
			}
		}
		return value.Object(members...)
	}
	list := n.at("filters.conditions")
	if n.text("matchType", "anyFilter") == "anyFilter" && list.Len() > 1 {
		var parts []string
		for _, one := range list.Elements() {
			parts = append(parts, converted(one.Get("keyName")).Text()+"."+or(one.Get("condition").Raw(),
				"eq")+"."+converted(one.Get("keyValue")).Text())
		}
		return object(text("or", "("+strings.Join(parts, ",")+")"))
	}
	for _, one := range list.Elements() {
		given := ""
		if v := converted(one.Get("keyValue")); !v.IsMissing() {
			given = v.Text()
		}
		members = append(members, value.Member{Key: converted(one.Get("keyName")).Text(), Value: value.String(or(one.Get("condition").Raw(),
			"eq") + "." + given)})
	}
	return value.Object(members...)
}
