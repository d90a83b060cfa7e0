package n8n

import (
	"fmt"
	"regexp"
	"strings"

	"zygo/app/value"
)

// readAskType makes requests and statements of nodes that ask a service or a database.
func readAskType(n *node) target {
	switch n.kind {
	case "discord":
		return readDiscordHook(n)
	case "microsoftTeams":
		return readTeams(n)
	case "facebookGraphApi":
		return readGraph(n)
	case "graphql":
		return readGraphQL(n)
	case "postgres":
		return n.database("postgres")
	case "mySql":
		return n.database("mysql")
	case "n8n":
		return readOwn(n)
	case "readWriteFile", "readBinaryFile", "readBinaryFiles", "writeBinaryFile":
		n.reason = "reads or writes a file of the machine that n8n runs on, which a workflow here never sees. It stands for itself and lets items pass; " +
			"take files from a form, a webhook or a service, and keep them with one"
	}
	return target{}
}

// readOwn works with workflows and executions of the instance, which are records here.
func readOwn(n *node) target {
	kind, operation := n.text("resource", "workflow"), n.text("operation", "getAll")
	if kind != "workflow" && kind != "execution" {
		return target{}
	}
	id := first(n.locator("workflowId"), n.value("executionId"))
	config := []value.Member{text("kind", kind)}
	switch operation {
	case "getAll":
		config = append(config, text("operation", "list"), member("most", n.value("limit")))
	case "get":
		config = append(config, text("operation", "get"), member("id", id))
	case "activate", "deactivate":
		config = append(config, text("operation", "act"), member("id", id),
			text("action", map[string]string{"activate": "enable", "deactivate": "disable"}[operation]))
	default:
		return target{}
	}
	n.note("reads the %ss of n8n; here it reads those of Zygo, with the fields of its API", kind)
	return target{"record", object(config...)}
}

// readDiscordHook writes to a channel by its incoming webhook. What has a bot is a connector.
func readDiscordHook(n *node) target {
	isOld := n.version < 2
	if !isOld && n.text("authentication", "botToken") != "webhook" {
		return target{}
	}
	address := n.text("webhookUri", "")
	if address == "" || !isOld {
		address = n.secretOf("DISCORD_WEBHOOK")
	} else if !strings.Contains(address, "{{") {
		n.note("had the address of its webhook among its parameters; keep it in the secret DISCORD_WEBHOOK, since anyone who knows it can write there")
		n.secretName = "DISCORD_WEBHOOK"
		address = "{{ $secrets.DISCORD_WEBHOOK }}"
	}
	body := []value.Member{member("content", first(n.value("text"), n.value("content")))}
	if embeds := first(n.value("embeds.values"), n.value("options.embeds")); embeds.Len() > 0 {
		body = append(body, member("embeds", embeds))
	}
	for here, there := range map[string]string{"username": "options.username", "avatar_url": "options.avatarUrl", "tts": "options.tts"} {
		if v := n.value(there); !v.IsMissing() {
			body = append(body, member(here, v))
		}
	}
	return target{"http", object(text("method", "POST"), text("url", address), text("body_type", "json"), member("body", object(body...)))}
}

// readTeams writes a message by an incoming webhook, since Zygo has no account of Microsoft Teams.
func readTeams(n *node) target {
	resource, operation := n.text("resource", "channel"), n.text("operation", "create")
	if operation != "create" || resource != "channelMessage" && resource != "chatMessage" {
		return target{}
	}
	n.note("writes as a person; here it writes by an incoming webhook of the channel. Keep its address in the secret TEAMS_WEBHOOK")
	n.secretName = "TEAMS_WEBHOOK"
	return target{"notify", object(text("service", "teams"), text("address", "{{ $secrets.TEAMS_WEBHOOK }}"), text("text", n.text("message", "")))}
}

// readGraph is a call of Facebook's Graph API.
func readGraph(n *node) target {
	path := "https://" + n.text("hostUrl", "graph.facebook.com") + "/" + strings.Trim(n.text("graphApiVersion", "v23.0"), "/") + "/" +
		n.text("node", "")
	if edge := n.text("edge", ""); edge != "" {
		path += "/" + edge
	}
	var query []value.Value
	for _, p := range n.at("options.queryParameters.parameter").Elements() {
		query = append(query, object(member("name", converted(p.Get("name"))), member("value", converted(p.Get("value")))))
	}
	var fields []string
	for _, f := range n.at("options.fields.field").Elements() {
		fields = append(fields, f.Get("name").Text())
	}
	if len(fields) > 0 {
		query = append(query, object(text("name", "fields"), text("value", strings.Join(fields, ","))))
	}
	if n.is("sendBinaryData", false) {
		return target{}
	}
	config := []value.Member{text("method", n.text("httpRequestMethod", "GET")), text("url", path), text("auth", "query"),
		text("query_name", "access_token"), text("query_value", n.secretOf("FACEBOOK"))}
	if len(query) > 0 {
		config = append(config, member("query", value.List(query...)))
	}
	if body := n.value("options.queryParametersJson"); !body.IsMissing() {
		n.note("wrote its query as JSON; write it as names and values")
	}
	return target{"http", object(config...)}
}

func readGraphQL(n *node) target {
	body := []value.Member{member("query", n.value("query")), member("variables", n.object("variables")), member("operationName",
		n.value("operationName"))}
	config := []value.Member{text("method", n.text("requestMethod", "POST")), text("url", n.text("endpoint", ""))}
	if n.text("requestMethod", "POST") == "GET" {
		config = append(config, member("query", value.List(object(text("name", "query"), member("value", n.value("query"))))))
	} else {
		config = append(config, text("body_type", "json"), member("body", object(body...)))
	}
	var headers []value.Value
	for _, h := range n.at("headerParametersUi.parameter").Elements() {
		headers = append(headers, object(text("name", converted(h.Get("name")).Text()), text("value", converted(h.Get("value")).Text())))
	}
	if len(headers) > 0 {
		config = append(config, member("headers", value.List(headers...)))
	}
	if auth := n.text("authentication", "none"); auth != "none" {
		n.note("proved who it is (%s); choose the authentication and its secret", auth)
	}
	return target{"http", object(config...)}
}

// statementHole is an expression within a statement, which becomes a value that the database gets separately.
var statementHole = regexp.MustCompile(`'?\{\{([^}]|\}[^}])*\}\}'?`)

// database is one statement. Expressions in it become parameters, so that data never becomes SQL.
func (n *node) database(source string) target {
	place := func(number int) string {
		if source == "mysql" {
			return "?"
		}
		return fmt.Sprintf("$%d", number)
	}
	var given []value.Value
	bind := func(v value.Value) string {
		given = append(given, object(member("value", v)))
		return place(len(given))
	}
	statement, writes := "", true
	switch n.text("operation", "insert") {
	case "executeQuery":
		statement, writes = n.query(bind), true
	case "select":
		statement, writes = n.selection(source, bind), false
	case "insert":
		statement = n.insertion(source, bind)
	}
	if statement == "" {
		n.reason = "asks a database in a way that has to be written as a statement here. It stands for itself and lets items pass; use the node Ask a database"
		return target{}
	}
	address := n.secretHolding(source, "", func(c *Credential) string { return c.address(source) })
	config := []value.Member{text("source", source), text("url", address), text("sql", statement), member("read_only",
		value.Bool(!writes))}
	if len(given) > 0 {
		config = append(config, member("parameters", value.List(given...)))
	}
	n.secretHint = ", which holds " + source + "://user:password@host/name"
	return target{"data", object(config...)}
}

// query is a statement that somebody wrote, with its expressions as parameters.
func (n *node) query(bind func(value.Value) string) string {
	written := n.text("query", "")
	if replaced := n.value("options.queryReplacement"); !replaced.IsMissing() {
		n.note("gives values beside its statement; look at their order")
		for part := range strings.SplitSeq(replaced.Text(), ",") {
			bind(value.String(strings.TrimSpace(part)))
		}
		if strings.Contains(written, "{{") {
			return ""
		}
		return written
	}
	if !strings.Contains(written, "{{") {
		return written
	}
	n.note("has expressions in its statement; they are parameters now. Look at the statement")
	return statementHole.ReplaceAllStringFunc(written, func(found string) string {
		return bind(value.String(strings.Trim(found, "'")))
	})
}

var columnName = regexp.MustCompile(`^[A-Za-z_][A-Za-z0-9_ ]{0,62}$`)

// named is a name of a table or column in quotes; empty where it is none.
func quotedName(source string, v value.Value) string {
	name := v.Text()
	if v.Kind() != value.StringKind || !columnName.MatchString(name) {
		return ""
	}
	if source == "mysql" {
		return "`" + name + "`"
	}
	return `"` + name + `"`
}

func (n *node) tableName(source string) string {
	table := quotedName(source, n.locator("table"))
	if schema := n.locator("schema"); source == "postgres" && table != "" && !schema.IsMissing() {
		if quoted := quotedName(source, schema); quoted != "" {
			return quoted + "." + table
		}
		return ""
	}
	return table
}

var comparisons = map[string]string{"equal": "=", "": "=", "!=": "<>", "LIKE": "LIKE", ">": ">", "<": "<", ">=": ">=", "<=": "<=",
	"IS NULL": "IS NULL", "IS NOT NULL": "IS NOT NULL"}

func (n *node) selection(source string, bind func(value.Value) string) string {
	table := n.tableName(source)
	var parts []string
	for _, one := range n.at("where.values").Elements() {
		column, op := quotedName(source, one.Get("column")), one.Get("condition").Raw()
		sign, known := comparisons[op]
		if column == "" || !known {
			return ""
		}
		if strings.HasPrefix(sign, "IS") {
			parts = append(parts, column+" "+sign)
			continue
		}
		parts = append(parts, column+" "+sign+" "+bind(converted(one.Get("value"))))
	}
	if table == "" || n.at("sort.values").Len() > 0 || n.at("options.outputColumns").Len() > 0 {
		return ""
	}
	statement := "SELECT * FROM " + table
	if len(parts) > 0 {
		statement += " WHERE " + strings.Join(parts, map[bool]string{true: " OR ", false: " AND "}[n.text("combineConditions", "AND") == "OR"])
	}
	if n.is("returnAll", false) {
		return statement
	}
	limit, ok := n.at("limit").Whole()
	if !ok {
		limit = 50
	}
	return fmt.Sprintf("%s LIMIT %d", statement, limit)
}

func (n *node) insertion(source string, bind func(value.Value) string) string {
	table := n.tableName(source)
	if table == "" || n.at("columns.mappingMode").Raw() != "defineBelow" {
		return ""
	}
	var columns, places []string
	for name, v := range n.value("columns.value").Members() {
		column := quotedName(source, value.String(name))
		if column == "" {
			return ""
		}
		columns, places = append(columns, column), append(places, bind(v))
	}
	if len(columns) == 0 {
		return ""
	}
	statement := "INSERT INTO " + table + " (" + strings.Join(columns, ", ") + ") VALUES (" + strings.Join(places, ", ") + ")"
	if source == "postgres" {
		statement += " RETURNING *"
	}
	return statement
}
