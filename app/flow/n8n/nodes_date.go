package n8n

import (
	"fmt"
	"regexp"
	"strings"

	"zygo/app/value"
)

// units are those of times, as n8n writes them.
func unit(written string) string { return strings.TrimSuffix(or(written, "days"), "s") }

func readDate(n *node) target {
	if n.version < 2 {
		return n.oldDate()
	}
	operation := n.text("operation", "getCurrentDate")
	name := n.text("outputFieldName", map[string]string{"getCurrentDate": "currentDate", "addToDate": "newDate", "subtractFromDate": "newDate",
		"formatDate": "formattedDate", "roundDate": "roundedDate", "getTimeBetweenDates": "timeDifference", "extractDate": "datePart"}[operation])
	config := []value.Member{text("destination", name), member("alone", flag(!n.is("options.includeInputFields", false)))}
	switch operation {
	case "getCurrentDate":
		config = append(config, text("op", "now"))
	case "addToDate", "subtractFromDate":
		amount := n.value("duration")
		if operation == "subtractFromDate" {
			if whole, ok := amount.Whole(); ok {
				amount = value.Int(-whole)
			} else {
				amount = value.String(fmt.Sprintf("{{ -(%s) }}", strings.Trim(amount.Text(), "{} ")))
			}
		}
		config = append(config, text("op", "add"), member("value", n.value("magnitude")), member("amount", amount),
			text("unit", unit(n.text("timeUnit", "days"))))
	case "formatDate":
		format := n.text("format", "MM/dd/yyyy")
		if format == "custom" {
			format = n.text("customFormat", "")
		}
		config = append(config, text("op", "format"), member("value", n.value("date")), text("format", format))
	case "roundDate":
		direction := "down"
		if n.text("mode", "roundDown") == "roundUp" {
			direction = "up"
		}
		config = append(config, text("op", "round"), member("value", n.value("date")), text("unit", n.text("toNearest", "month")),
			text("direction", direction))
	case "extractDate":
		config = append(config, text("op", "extract"), member("value", n.value("date")), text("unit", n.text("part", "month")))
	case "getTimeBetweenDates":
		config = append(config, text("op", "between"), member("value", n.value("startDate")), member("end", n.value("endDate")),
			member("units", texts(n.names("units"))))
	default:
		return target{}
	}
	return target{"date", object(config...)}
}

func (n *node) oldDate() target {
	name := text("destination", n.text("dataPropertyName", "data"))
	if n.text("action", "format") == "format" {
		return target{"date", object(text("op", "format"), name, member("value", n.value("value")), text("format",
			momentFormat(n.text("toFormat", ""))))}
	}
	amount, _ := n.value("duration").Whole()
	if n.at("operation").Raw() == "subtract" {
		amount = -amount
	}
	return target{"date", object(text("op", "add"), name, member("value", n.value("value")), member("amount", value.Int(amount)),
		text("unit", unit(n.text("timeUnit", "days"))), text("zone", "UTC"))}
}

// momentTokens are the tokens of moment.js whose names are others here. Text stands in brackets there, and in quotes here.
var (
	momentToken  = regexp.MustCompile(`\[[^\]]*\]|Y+|D+|d+|A|Z+|.`)
	momentTokens = map[string]string{"YYYY": "yyyy", "YY": "yy", "DD": "dd", "D": "d", "DDDD": "ooo", "DDD": "o", "dddd": "cccc", "ddd": "ccc",
		"A": "a", "Z": "ZZ", "ZZ": "ZZZ"}
)

func momentFormat(format string) string {
	return momentToken.ReplaceAllStringFunc(format, func(token string) string {
		if text, is := strings.CutPrefix(token, "["); is {
			return "'" + strings.TrimSuffix(text, "]") + "'"
		}
		return or(momentTokens[token], token)
	})
}
