package sandbox_test

// differences are the expressions that give something else than in n8n, with the reason. The guide names those that people meet.
var differences = map[string]string{
	"earlier-nodes-019":     "a workflow that names a node which isn't there is not published",
	"earlier-nodes-064":     "$input.json is short for $input.item.json",
	"json-access-128":       "a secret is asked for by its name, in fields that may hold one",
	"json-access-129":       "a secret is asked for by its name, in fields that may hold one",
	"json-access-131":       "the versions of node types are Zygo's own",
	"more-208":              "a list that holds itself has no text in this engine",
	"plain-javascript-183":  "n8n's own reading of the syntax fails on a getter of a class",
	"plain-javascript-187":  "await is a syntax error outside of an async function; in n8n it is hidden",
	"runaway-005":           "a text of half a gigabyte is above the limit of memory, which is an error",
	"string-extensions-065": "letters of Chinese are not spelled in Latin ones",
	"templates-066":         "n8n's own reading of the syntax fails on a method of an object",
}

// ambiguous are the expressions with a time that the clock shows twice: Luxon takes that of the season in which it runs, and n8n was
// watched in winter.
var ambiguous = []string{"dates-003", "dates-004", "more-extensions-166", "more-extensions-167"}
