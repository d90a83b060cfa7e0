package n8n

import (
	"regexp"
	"strconv"
	"strings"

	"zygo/app/flow/expression"
	"zygo/app/value"
)

// proofs are how n8n's credentials show who makes a request: bearer, or the name of a header or parameter behind its kind.
var proofs = map[string]string{
	"httpBearerAuth": "bearer", "openAiApi": "bearer", "slackApi": "bearer", "notionApi": "bearer", "airtableTokenApi": "bearer",
	"githubApi": "bearer", "hubspotAppToken": "bearer", "cloudflareApi": "bearer", "mistralCloudApi": "bearer", "groqApi": "bearer",
	"deepSeekApi": "bearer", "openRouterApi": "bearer", "huggingFaceApi": "bearer", "perplexityApi": "bearer", "xAiApi": "bearer",
	"linearApi": "header Authorization", "qdrantApi": "header api-key", "anthropicApi": "header x-api-key", "pineconeApi": "header Api-Key",
	"elevenLabsApi": "header xi-api-key", "supabaseApi": "header apikey", "nocoDbApiToken": "header xc-token", "pipedriveApi": "query api_token",
	"googlePalmApi": "query key", "serpApi": "query api_key", "facebookGraphApi": "query access_token", "httpHeaderAuth": "header Authorization",
	"wordpressApi": "basic", "wooCommerceApi": "basic", "jiraSoftwareCloudApi": "basic", "twilioApi": "basic",
	"httpQueryAuth": "query", "httpBasicAuth": "basic", "httpDigestAuth": "digest", "headerAuth": "header Authorization", "basicAuth": "basic",
}

// guessed are credentials that hold a name besides the key, which is not in the file.
var guessed = map[string]string{
	"httpHeaderAuth": "the name of its header", "headerAuth": "the name of its header", "httpQueryAuth": "the name of its parameter",
	"wordpressApi": "the name of its user", "wooCommerceApi": "the key beside its secret", "jiraSoftwareCloudApi": "the name of its user",
	"twilioApi": "the account SID", "httpBasicAuth": "the name of its user", "basicAuth": "the name of its user", "httpDigestAuth": "the name of its user",
}

// authentication is how a request shows who makes it.
func (n *node) authentication() []value.Member {
	auth := n.text("authentication", "none")
	kind := auth
	switch auth {
	case "none":
		return nil
	case "predefinedCredentialType":
		kind = n.text("nodeCredentialType", "")
	case "genericCredentialType":
		kind = n.text("genericAuthType", "")
	}
	if strings.HasSuffix(kind, "OAuth2Api") || kind == "oAuth2Api" || kind == "gmailOAuth2" {
		return n.oauth(kind)
	}
	proof, known := proofs[kind]
	if !known {
		n.note("proved who it is (%s); choose the authentication and its secret", kind)
		return nil
	}
	secret := n.secretOf(kind)
	user := ""
	if n.opened != nil {
		user = n.opened.Data.Get("user").Raw()
	} else if what := guessed[kind]; what != "" {
		n.note("had %s in its credential; write it into the node", what)
	}
	way, name, _ := strings.Cut(proof, " ")
	if n.opened != nil && guessed[kind] != "" {
		name = or(n.opened.Data.Get("name").Raw(), name)
	}
	switch way {
	case "header":
		return []value.Member{text("auth", "header"), text("header_name", name), text("header_value", secret)}
	case "query":
		return []value.Member{text("auth", "query"), text("query_name", or(name, "key")), text("query_value", secret)}
	case "basic", "digest":
		return []value.Member{text("auth", way), text("username", user), text("password", secret)}
	}
	return []value.Member{text("auth", "bearer"), text("token", secret)}
}

// oauth is a sign-in that n8n renews. Here three secrets hold its parts.
func (n *node) oauth(kind string) []value.Member {
	at := "https://oauth2.googleapis.com/token"
	switch {
	case strings.HasPrefix(kind, "microsoft"):
		at = "https://login.microsoftonline.com/common/oauth2/v2.0/token"
	case !strings.HasPrefix(kind, "google") && !strings.HasPrefix(kind, "gmail") && !strings.HasPrefix(kind, "youTube"):
		n.note("signed in by OAuth 2 (%s); write the token address, and the parts of the credential into secrets", kind)
		at = ""
	}
	for _, part := range []string{"client_id", "client_secret", "refresh_token"} {
		n.secretHolding(kind, "_"+strings.ToUpper(part), func(c *Credential) string { return c.oauthPart(part) })
	}
	name := n.secretName
	if n.opened != nil {
		at = n.opened.oauthPart("token_url")
	}
	n.secretHint = "_CLIENT_ID, " + name + "_CLIENT_SECRET and " + name + "_REFRESH_TOKEN"
	return []value.Member{text("auth", "oauth2"), text("grant", "refresh_token"), text("token_url", at),
		text("client_id", "{{ $secrets."+name+"_CLIENT_ID }}"), text("client_secret", "{{ $secrets."+name+"_CLIENT_SECRET }}"),
		text("refresh_token", "{{ $secrets."+name+"_REFRESH_TOKEN }}"), text("client_proof", "body")}
}

// written are the names and values that a person wrote as a JSON document, with expressions in its texts.
func (n *node) written(path, what string) value.Value {
	given := n.value(path)
	if given.Kind() == value.StringKind {
		document, err := expression.Document(given.Raw())
		if err != nil {
			n.note("wrote its %s as JSON that can't be read; write them as names and values", what)
			return value.Value{}
		}
		given = document
	}
	if given.Kind() != value.ObjectKind {
		if !given.IsMissing() {
			n.note("gives its %s by an expression; write them as names and values", what)
		}
		return value.Value{}
	}
	var rows []value.Value
	for name, v := range given.Members() {
		if what == "headers" && !v.IsMissing() {
			v = value.String(v.Text())
		}
		rows = append(rows, object(text("name", name), member("value", v)))
	}
	if len(rows) == 0 {
		return value.Value{}
	}
	return value.List(rows...)
}

var (
	nextInBody = regexp.MustCompile(`^=?\s*\{\{\s*\$response\.body\.?((?:[A-Za-z_$][\w$]*|\[[^\]]+\])(?:\.[A-Za-z_$][\w$]*|\[[^\]]+\])*)\s*\}\}\s*$`)
	// emptyInBody asks whether a list in the answer has nothing, or another value is missing or false.
	emptyInBody = regexp.MustCompile(`^=?\s*\{\{\s*(?:\$response\.body\.([\w$.]+?)(?:\.length\s*===?\s*0|\.isEmpty\(\)|\s*===?\s*(?:false|null|undefined))|` +
		`!\s*\$response\.body\.([\w$.]+?)(?:\.length)?)\s*\}\}\s*$`)
	// pageNumber is the number of a page, or what it is multiplied by.
	pageNumber = regexp.MustCompile(`^=?\s*\{\{\s*(\()?\s*\$pageCount\s*(?:\+\s*(\d+))?\s*\)?\s*(?:\*\s*(\d+))?\s*\}\}\s*$`)
	mostPages  = regexp.MustCompile(`^=?\s*\{\{\s*\$pageCount\s*(>=?|===?)\s*(\d+)\s*\}\}\s*$`)
)

// paging is how a request reads several pages, where that is one of the usual ways.
func (n *node) paging() []value.Member {
	p := "options.pagination.pagination"
	if n.at(p).Kind() != value.ObjectKind {
		return nil
	}
	pause := value.Int(0)
	if given := n.at(p + ".requestInterval"); given.Kind() == value.NumberKind {
		pause = given
	}
	made := n.nextPage(p)
	if made != nil {
		made = append(made, member("pause", pause))
	}
	return made
}

// nextPage is how the next page is asked for, and when there is none.
func (n *node) nextPage(p string) []value.Member {
	mode := n.text(p+".paginationMode", "updateAParameterInEachRequest")
	if mode == "off" {
		return nil
	}
	list := n.at(p + ".parameters.parameters")
	one := list.At(0)
	next := nextInBody.FindStringSubmatch(n.at(p + ".nextURL").Raw())
	number := pageNumber.FindStringSubmatch(one.Get("value").Raw())
	cursor := nextInBody.FindStringSubmatch(one.Get("value").Raw())
	named := []value.Member{text("pages", "number"), member("page_name", converted(one.Get("name")))}
	if place := one.Get("type").Raw(); place == "body" || place == "headers" {
		named = append(named, text("page_in", place))
	}
	var made []value.Member
	switch isParameter := mode == "updateAParameterInEachRequest" && list.Len() == 1; {
	case mode == "responseContainsNextURL" && next != nil:
		made = []value.Member{text("pages", "next"), text("next", next[1])}
	case isParameter && number != nil && (number[1] != "" || number[2] == "" || number[3] == ""):
		from, _ := strconv.ParseInt(or(number[2], "0"), 10, 32)
		step, _ := strconv.ParseInt(or(number[3], "1"), 10, 32)
		made = append(named, member("first_page", value.Int(from*step)))
		if step > 1 {
			made = append(made, member("page_step", value.Int(step)))
		}
	case isParameter && cursor != nil:
		named[0] = text("pages", "cursor")
		made = append(named, text("next", cursor[1]))
	default:
		n.note("read several pages; choose how in the node")
		return nil
	}
	return append(made, n.lastPage(p, made[0].Value.Raw() == "number")...)
}

// lastPage is when no page follows.
func (n *node) lastPage(p string, isNumber bool) (made []value.Member) {
	most, isLimited := n.at(p + ".maxRequests").Whole()
	isLimited = isLimited && n.is(p+".limitPagesFetched", false)
	complete := n.at(p + ".completeExpression").Raw()
	last, count := emptyInBody.FindStringSubmatch(complete), mostPages.FindStringSubmatch(complete)
	switch when := n.text(p+".paginationCompleteWhen", "responseIsEmpty"); {
	case when == "receiveSpecificStatusCodes":
		made = append(made, text("end_codes", n.text(p+".statusCodesWhenComplete", "")))
	case when == "other" && last != nil:
		made = append(made, text("last_at", or(last[1], last[2])))
	case when == "other" && count != nil:
		number, _ := strconv.ParseInt(count[2], 10, 32)
		if count[1] == ">" {
			number++
		}
		if !isLimited || number < most {
			most, isLimited = number, true
		}
	case when == "other" && isNumber:
		n.note("read pages until %s; here it ends with an empty one", strings.Trim(complete, "={} "))
	}
	if isLimited {
		made = append(made, member("most_pages", value.Int(min(max(most, 1), 1000))))
	}
	return made
}
