package n8n

import (
	"fmt"
	"strconv"
	"strings"

	"zygo/app/value"
)

func readIf(n *node) target {
	if n.end != nil {
		return target{"pass", object()}
	}
	n.outputs = []string{"true", "false"}
	return target{"if", object(n.conditions()...)}
}

func readFilter(n *node) target {
	n.outputs = []string{"kept"}
	return target{"filter", object(n.conditions()...)}
}

func readSwitch(n *node) target {
	if n.version < 3 {
		return n.oldSwitch()
	}
	if n.at("mode").Raw() == "expression" {
		count, ok := n.at("numberOutputs").Whole()
		if !ok {
			count = 4
		}
		n.outputs = nil
		for i := range min(max(count, 1), 50) {
			n.outputs = append(n.outputs, strconv.FormatInt(i, 10))
		}
		return target{"switch", object(text("mode", "expression"), member("outputs", texts(n.outputs)), member("output", n.value("output")))}
	}
	var rows []value.Value
	n.outputs = nil
	options := ""
	for i, rule := range n.at("rules.values").Elements() {
		name := fmt.Sprint(i)
		if key := rule.Get("outputKey").Raw(); rule.Get("renameOutput").Truthy() && key != "" {
			name = key
		}
		n.outputs = append(n.outputs, name)
		if rule.Get("conditions").Get("conditions").Len() != 1 {
			n.note("has a rule of several conditions; only the first is here")
		}
		row, ok := n.condition(rule.Get("conditions").Get("conditions").At(0))
		if !ok {
			return target{}
		}
		members := []value.Member{text("output", name)}
		for key, v := range row.Members() {
			members = append(members, value.Member{Key: key, Value: v})
		}
		rows = append(rows, value.Object(members...))
		options = rule.Get("conditions").Get("options").Get("typeValidation").Raw()
	}
	members := []value.Member{text("mode", "rules"), member("rules", value.List(rows...)),
		member("all_matching", flag(n.is("options.allMatchingOutputs", false)))}
	loose := options == "loose" || n.is("looseTypeValidation", false) || n.is("options.looseTypeValidation", false)
	sensitive := !n.is("options.ignoreCase", false)
	if first := n.at("rules.values").At(0).Get("conditions").Get("options").Get("caseSensitive"); !first.IsMissing() {
		sensitive = sensitive && first.Truthy()
	}
	members = append(members, member("loose_types", value.Bool(loose)), member("case_sensitive", value.Bool(sensitive)))
	switch fallback := n.at("options.fallbackOutput"); {
	case fallback.Raw() == "extra":
		n.outputs = append(n.outputs, "fallback")
		members = append(members, text("fallback", "fallback"))
	case fallback.Kind() == value.NumberKind:
		n.note("sends what no rule takes to one of its outputs; here it goes nowhere")
	}
	return target{"switch", object(members...)}
}

// oldSwitch is that of the first two versions: one value, compared in each rule.
func (n *node) oldSwitch() target {
	var rows []value.Value
	n.outputs = nil
	named := n.version >= 2
	if !named {
		n.outputs = []string{"0", "1", "2", "3"}
	}
	for i, rule := range n.at("rules.rules").Elements() {
		op, known := operators[rule.Get("operation").Raw()]
		if rule.Get("operation").IsMissing() {
			op, known = "equals", true
		}
		if !known {
			return target{}
		}
		name := fmt.Sprint(i)
		if to, ok := rule.Get("output").Whole(); ok && !named {
			name = fmt.Sprint(to)
		}
		if named {
			if key := rule.Get("outputKey").Text(); key != "" && !rule.Get("outputKey").IsMissing() {
				name = key
			}
			n.outputs = append(n.outputs, name)
		}
		rows = append(rows, object(text("output", name), member("left", n.value("value1")), text("op", op),
			member("right", converted(rule.Get("value2")))))
	}
	if to, ok := n.at("fallbackOutput").Whole(); ok && to >= 0 {
		for n.outputs != nil && int(to) >= len(n.outputs) && len(n.outputs) < 50 {
			n.outputs = append(n.outputs, fmt.Sprint(len(n.outputs)))
		}
		if int(to) < len(n.outputs) { // the last rule takes what is left
			rows = append(rows, object(text("output", n.outputs[to]), member("left", value.Bool(true)), text("op", "is_true")))
		}
	}
	return target{"switch", object(text("mode", "rules"), member("rules", value.List(rows...)), member("loose_types", value.Bool(true)))}
}

func readMerge(n *node) target {
	count, ok := n.at("numberInputs").Whole()
	if !ok {
		count = 2
	}
	count = min(max(count, 2), 10)
	for i := range count {
		n.inputs = append(n.inputs, strconv.FormatInt(i+1, 10))
	}
	members := []value.Member{member("inputs", value.Int(count))}
	mode, by := n.text("mode", "append"), n.text("combineBy", "combineByFields")
	switch {
	case n.version < 2:
		return n.oldMerge(mode)
	case n.version < 3 && mode == "combine":
		by = map[string]string{"mergeByFields": "combineByFields", "mergeByPosition": "combineByPosition", "multiplex": "combineAll"}[n.text(
			"combinationMode", "mergeByFields")]
	}
	switch {
	case mode == "append":
		return target{"merge", object(append(members, text("mode", "append"))...)}
	case mode == "chooseBranch":
		choose := value.Int(1)
		if n.at("output").Raw() == "empty" {
			choose = value.Int(0)
		} else if n.at("useDataOfInput").Text() == "2" || n.at("output").Raw() == "input2" {
			choose = value.Int(2)
		}
		return target{"merge", object(append(members, text("mode", "choose"), member("choose", choose))...)}
	case mode != "combine":
		return target{}
	case by == "combineByPosition":
		members = append(members, text("mode", "position"), member("unpaired", flag(n.is("options.includeUnpaired", false))),
			member("over", n.above()))
	case by == "combineAll":
		n.inputs, members = n.inputs[:2], []value.Member{text("mode", "pairs")}
	default:
		n.inputs, members = n.inputs[:2], n.mergeByFields()
	}
	return target{"merge", object(append(members, n.clash()...)...)}
}

func (n *node) mergeByFields() []value.Member {
	var pairs []value.Value
	for _, name := range n.names("fieldsToMatchString") {
		pairs = append(pairs, object(text("first", name)))
	}
	for _, pair := range n.at("mergeByFields.values").Elements() {
		pairs = append(pairs, object(member("first", converted(pair.Get("field1"))), member("second", converted(pair.Get("field2")))))
	}
	keep := map[string]string{"keepMatches": "matches", "keepNonMatches": "alone", "keepEverything": "everything",
		"enrichInput1": "first", "enrichInput2": "second"}[n.text("joinMode", "keepMatches")]
	give := map[string]string{"input1": "first", "input2": "second"}[n.at("outputDataFrom").Raw()]
	if give == "" {
		give = "both"
	}
	return []value.Member{text("mode", "fields"), member("on", value.List(pairs...)), text("keep", keep), text("give", give),
		member("first_only", flag(n.text("options.multipleMatches", "all") == "first")), member("loose", flag(n.is("options.fuzzyCompare", false)))}
}

// clash is what becomes of fields that both have.
func (n *node) clash() []value.Member {
	clash := "last"
	switch resolve := n.at("options.clashHandling.values.resolveClash"); {
	case resolve.Raw() == "preferInput1" && n.above().IsMissing(), resolve.IsMissing() && n.at("joinMode").Raw() == "enrichInput2":
		clash = "first"
	case resolve.Raw() == "addSuffix":
		clash = "number"
	}
	return []value.Member{text("clash", clash), member("skip_empty", flag(n.is("options.clashHandling.values.overrideEmpty", false))),
		member("shallow", flag(n.at("options.clashHandling.values.mergeMode").Raw() == "shallowMerge"))}
}

// above is the input whose fields lie over those of all inputs, which the third version puts there once more.
func (n *node) above() value.Value {
	resolve := n.at("options.clashHandling.values.resolveClash").Raw()
	number, err := strconv.ParseInt(strings.TrimPrefix(resolve, "preferInput"), 10, 8)
	switch {
	case n.version < 3 || n.at("combineBy").Raw() != "combineByPosition":
	case resolve == "addSuffix":
		return value.Int(int64(len(n.inputs)))
	case err == nil && number > 0 && len(n.inputs) > 2:
		return value.Int(number)
	}
	return value.Value{}
}

func readCompare(n *node) target {
	n.inputs, n.outputs = []string{"1", "2"}, []string{"only_first", "same", "different", "only_second"}
	var pairs []value.Value
	for _, pair := range n.at("mergeByFields.values").Elements() {
		pairs = append(pairs, object(member("first", converted(pair.Get("field1"))), member("second", converted(pair.Get("field2")))))
	}
	give := map[string]string{"preferInput1": "first", "preferInput2": "second", "mix": "together"}[n.text("resolve", "includeBoth")]
	if give == "together" {
		n.note("mixed the fields of items that differ by a choice for each; here those of the second input are over those of the first")
	}
	return target{"compare", object(member("on", value.List(pairs...)), text("give", or(give, "both")),
		member("skip", texts(n.names("options.skipFields"))), member("first_only", value.Bool(n.text("options.multipleMatches", "first") == "first")),
		member("loose", flag(n.is("fuzzyCompare", false) || n.is("options.fuzzyCompare", false))))}
}

// oldMerge is that of the first version.
func (n *node) oldMerge(mode string) target {
	switch mode {
	case "append":
		return target{"merge", object(text("mode", "append"))}
	case "mergeByIndex":
		return target{"merge", object(text("mode", "position"), member("shallow", value.Bool(true)))}
	case "multiplex":
		return target{"merge", object(text("mode", "pairs"))}
	case "passThrough":
		choose := int64(1)
		if n.at("output").Raw() == "input2" {
			choose = 2
		}
		return target{"merge", object(text("mode", "choose"), member("choose", value.Int(choose)))}
	case "wait":
		return target{"merge", object(text("mode", "choose"), member("choose", value.Int(0)))}
	}
	members := []value.Member{text("mode", "fields"), member("loose", value.Bool(true)), member("on", value.List(
		object(member("first", n.value("propertyName1")), member("second", n.value("propertyName2")))))}
	switch mode {
	case "keepKeyMatches":
		return target{"merge", object(append(members, text("keep", "matches"), text("give", "first"))...)}
	case "removeKeyMatches":
		return target{"merge", object(append(members, text("keep", "alone"), text("give", "first"))...)}
	case "mergeByKey":
		clash := map[string]string{"blank": "first", "undefined": "first"}[n.at("overwrite").Raw()]
		members = append(members, text("keep", "first"), member("last_only", value.Bool(true)), text("clash", or(clash, "last")))
		return target{"merge", object(append(members, member("shallow", value.Bool(true)),
			member("skip_empty", flag(n.at("overwrite").Raw() == "blank")))...)}
	}
	return target{}
}

func readLoop(n *node) target {
	n.outputs = []string{"done", "loop"}
	usual := int64(1)
	switch {
	case n.version < 2:
		n.outputs, usual = []string{"loop"}, 10
		if n.isEnded {
			n.note("led on with the items of its last round; here the output done has those of all rounds")
			break
		}
		n.note("told an If when nothing was left; lead what comes after the loop from its output done")
	case n.version < 3:
		n.outputs, usual = []string{"loop", "done"}, 10
	}
	size := n.value("batchSize")
	if size.IsMissing() {
		size = value.Int(usual)
	}
	once, reset := flag(!n.is("options.reset", false)), n.value("options.reset").Raw()
	if strings.HasPrefix(reset, "{{") && !strings.Contains(reset, "context") { // which asks whether it is over
		once = value.String("{{ (" + strings.Trim(reset, "{} ") + ") !== true }}")
	}
	return target{"loop", object(member("size", size), member("once", once))}
}

func readWait(n *node) target {
	switch resume := n.text("resume", "timeInterval"); resume {
	case "timeInterval":
		amount, unit := n.value("amount"), n.text("unit", "")
		if n.version < 1.1 {
			unit = or(unit, "hours")
		}
		if amount.IsMissing() {
			amount = value.Int(map[bool]int64{true: 1, false: 5}[n.version < 1.1])
		}
		return target{"delay", object(text("mode", "duration"), member("amount", amount), text("unit", or(unit, "seconds")))}
	case "specificTime":
		return target{"delay", object(text("mode", "until"), member("at", n.value("dateTime")))}
	case "webhook":
		return target{"delay", object(text("mode", "call"), member("amount", value.Int(365)), text("unit", "days"),
			member("get", value.Bool(n.text("httpMethod", "GET") == "GET")))}
	}
	return target{}
}

func or(given, usual string) string {
	if given == "" {
		return usual
	}
	return given
}

func readStop(n *node) target {
	if n.at("errorType").Raw() == "errorObject" {
		return target{"stop", object(text("message", n.text("errorObject", "")))}
	}
	return target{"stop", object(text("message", n.text("errorMessage", "An error occurred")))}
}

func readCall(n *node) target {
	called := "another workflow"
	if name := n.at("workflowId.cachedResultName").Raw(); name != "" {
		called = "the workflow " + name
	}
	there := n.at("workflowId")
	if there.Kind() == value.ObjectKind {
		there = there.Get("value")
	}
	here := n.known.Workflows[there.Text()]
	if inner := n.at("workflowJson"); n.at("source").Raw() == "parameter" && !inner.IsMissing() {
		if read, err := readFile([]byte(inner.Text()), n.known); err == nil {
			n.within[n.id] = read
			n.secrets = append(n.secrets, read.Secrets...)
			here = "" // it is named when it is made
		}
	}
	if here == "" && n.within[n.id] == nil {
		n.note("runs %s; choose it, after that one is imported too", called)
	}
	members := []value.Member{text("workflow", here)}
	if n.at("mode").Raw() == "each" {
		members = append(members, text("mode", "each"))
	}
	if !n.is("options.waitForSubWorkflow", true) {
		members = append(members, text("then", "go_on"))
	}
	return target{"workflow", object(members...)}
}

func readPass(*node) target { return target{"pass", object()} }

func readNote(n *node) target {
	size := func(name string, usual int64) value.Value {
		given, ok := n.at(name).Whole()
		if !ok {
			return value.Int(usual)
		}
		return value.Int(min(max(given, 40), 4000))
	}
	colour, ok := n.at("color").Whole()
	if !ok || colour < 1 || colour > 7 {
		colour = 1
	}
	return target{"note", object(text("text", n.at("content").Raw()), member("colour", value.Int(colour)), member("width", size("width", 240)),
		member("height", size("height", 160)))}
}
