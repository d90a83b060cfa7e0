package n8n

import (
	"strings"

	"zygo/app/value"
)

// operators are those of conditions, by n8n's names; what is not here has the same name.
var operators = map[string]string{
	"equals": "equals", "equal": "equals", "notEquals": "not_equals", "notEqual": "not_equals", "contains": "contains",
	"notContains": "not_contains", "startsWith": "starts_with", "notStartsWith": "not_starts_with", "endsWith": "ends_with",
	"notEndsWith": "not_ends_with", "regex": "matches", "notRegex": "not_matches", "exists": "exists", "notExists": "not_exists",
	"empty": "is_empty", "isEmpty": "is_empty", "notEmpty": "is_not_empty", "isNotEmpty": "is_not_empty", "true": "is_true", "false": "is_false",
	"gt": "greater", "larger": "greater", "gte": "greater_or_equal", "largerEqual": "greater_or_equal", "lt": "less", "smaller": "less",
	"lte": "less_or_equal", "smallerEqual": "less_or_equal", "after": "after", "afterOrEquals": "after_or_equal", "before": "before",
	"beforeOrEquals": "before_or_equal", "lengthEquals": "length_equals", "lengthNotEquals": "length_not_equals",
	"lengthGt": "length_greater", "lengthGte": "length_greater_or_equal", "lengthLt": "length_less", "lengthLte": "length_less_or_equal",
}

// condition is one of n8n's conditions of today.
func (n *node) condition(c value.Value) (value.Value, bool) {
	op, known := operators[c.Get("operator").Get("operation").Raw()]
	if !known {
		n.note("has a condition %q, which Zygo does not have", c.Get("operator").Get("operation").Raw())
		return value.Value{}, false
	}
	left, right := converted(c.Get("leftValue")), converted(c.Get("rightValue"))
	if c.Get("operator").Get("singleValue").Truthy() {
		right = value.Value{}
	}
	kind := value.Value{}
	if known := typesOfConditions[c.Get("operator").Get("type").Raw()]; known != "" {
		kind = value.String(known)
		asksAlone := right.IsMissing() || strings.HasPrefix(op, "is_") || strings.HasSuffix(op, "exists")
		if known == "array" && !asksAlone && c.Get("operator").Get("rightType").IsMissing() {
			kind = value.String("lists")
		}
	}
	return object(member("left", left), text("op", op), member("right", right), member("type", kind)), true
}

// typesOfConditions are the types that the values of a condition have, by n8n's names.
var typesOfConditions = map[string]string{"string": "string", "number": "number", "boolean": "boolean", "dateTime": "time",
	"array": "array", "object": "object"}

// conditions are the rows of If and Filter, with what holds for all of them.
func (n *node) conditions() []value.Member {
	if n.at("conditions.conditions").IsMissing() {
		return n.oldConditions()
	}
	var rows []value.Value
	for _, c := range n.at("conditions.conditions").Elements() {
		if row, ok := n.condition(c); ok {
			rows = append(rows, row)
		}
	}
	combine := n.text("conditions.combinator", "and")
	return append([]value.Member{member("conditions", value.List(rows...)), text("combine", combine)}, n.comparison("conditions.options")...)
}

// comparison is how strictly values are compared.
func (n *node) comparison(path string) []value.Member {
	loose := n.is("looseTypeValidation", false) || n.is("options.looseTypeValidation", false) ||
		n.at(path+".typeValidation").Raw() == "loose"
	sensitive := n.is(path+".caseSensitive", true) && !n.is("options.ignoreCase", false)
	return []value.Member{member("case_sensitive", value.Bool(sensitive)), member("loose_types", value.Bool(loose))}
}

// oldConditions are those of the first version, which stand in lists by their type.
func (n *node) oldConditions() []value.Member {
	var rows []value.Value
	for _, kind := range []string{"boolean", "dateTime", "number", "string"} {
		for _, c := range n.at("conditions." + kind).Elements() {
			op, known := operators[c.Get("operation").Raw()]
			if c.Get("operation").IsMissing() {
				op, known = map[string]string{"number": "less", "dateTime": "after"}[kind], true
				if op == "" {
					op = "equals"
				}
			}
			if !known {
				n.note("has a condition %q, which Zygo does not have", c.Get("operation").Raw())
				continue
			}
			rows = append(rows, object(member("left", converted(c.Get("value1"))), text("op", op), member("right", converted(c.Get("value2")))))
		}
	}
	combine := "and"
	if n.at("combineOperation").Raw() == "any" {
		combine = "or"
	}
	return []value.Member{member("conditions", value.List(rows...)), text("combine", combine), member("loose_types", value.Bool(true))}
}
