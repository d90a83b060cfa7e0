package n8n

import "sync"

// dataApps are the services that keep records, pages and posts.
var dataApps = sync.OnceValue(func() map[string]*app {
	return map[string]*app{
		"airtable": {
			service: "airtable", title: "Airtable", secret: "token", resource: "record", usual: map[string]string{"record": "read",
				"base": "getMany"},
			operations: map[string]string{
				"record/create":       "create " + airtablePlace + " values=@airtableValues typecast=options.typecast",
				"record/append":       "create " + airtablePlace + " values=@airtableValues typecast=options.typecast",
				"record/get":          "get " + airtablePlace + " record=id",
				"record/read":         "get " + airtablePlace + " record=id",
				"record/search":       "search " + airtablePlace + " formula=@airtableFormula " + airtableMany,
				"record/list":         "search " + airtablePlace + " formula=@airtableFormula " + airtableMany,
				"record/update":       "update " + airtablePlace + " record=@airtableRecord values=@airtableValues typecast=options.typecast",
				"record/upsert":       "upsert " + airtablePlace + " match_on=@airtableMatch values=@airtableValues typecast=options.typecast",
				"record/deleteRecord": "delete " + airtablePlace + " record=id",
				"record/delete":       "delete " + airtablePlace + " record=id",
				"base/getMany":        "list_bases limit=limit",
				"base/getSchema":      "schema base=base|locator",
			},
			ignored: "columns fields addAllFields updateAllFields sort additionalOptions.filterByFormula filterByFormula application baseId " +
				"downloadAttachments options.fields options.view options.ignoreFields additionalOptions.view additionalOptions.sort",
		},
		"notion": {
			service: "notion", title: "Notion", secret: "token", resource: "page",
			usual: map[string]string{"page": "create", "databasePage": "create", "database": "get", "block": "append", "user": "get"},
			operations: map[string]string{
				"page/create":         "create_page parent_page=pageId|locator title=title blocks=@notionBlocks emoji=@notionIcon simple=@notionSimple",
				"page/archive":        "archive_page page=pageId|locator simple=@notionSimple",
				"page/get":            "get_page page=pageId|locator simple=@notionSimple",
				"page/search":         "search search=text what='page' limit=limit",
				"databasePage/create": "create_database_page database=databaseId|locator properties=@notionProperties blocks=@notionBlocks emoji=@notionIcon simple=@notionSimple",
				"databasePage/get":    "get_page page=pageId|locator simple=@notionSimple",
				"databasePage/getAll": "query_database database=databaseId|locator filter=@notionFilter sorts=@notionSorts simple=@notionSimple limit=limit",
				"databasePage/update": "update_page page=pageId|locator properties=@notionProperties emoji=@notionIcon simple=@notionSimple",
				"database/get":        "get_database database=databaseId|locator",
				"database/getAll":     "search what='database' limit=limit",
				"database/search":     "search search=text what='database' limit=limit",
				"block/append":        "append_blocks block=blockId|locator blocks=@notionBlocks",
				"block/getAll":        "list_blocks block=blockId|locator limit=limit",
				"user/get":            "get_user user=userId",
				"user/getAll":         "list_users limit=limit",
			},
			ignored: "simple title propertiesUi blockUi filters filterType filterJson matchType options.icon options.iconType options.sort " +
				"options.filter options.downloadFiles simplifyOutput",
		},
		"supabase": {
			service: "supabase", title: "Supabase", secret: "token", resource: "row", usual: map[string]string{"row": "create"},
			asks: []string{"address of the project"},
			operations: map[string]string{
				"row/create": "create table=tableId row=@supabaseRow",
				"row/get":    "list table=tableId filters=@supabaseFilters",
				"row/getAll": "list table=tableId filters=@supabaseFilters limit=limit",
				"row/update": "update table=tableId filters=@supabaseFilters row=@supabaseRow",
				"row/delete": "delete table=tableId filters=@supabaseFilters",
			},
			ignored: "fieldsUi dataToSend inputsToIgnore filters filterType filterString matchType useCustomSchema",
		},
		"nocoDb": {
			service: "nocodb", title: "NocoDB", secret: "token", resource: "row", usual: map[string]string{"row": "get"},
			asks: []string{"address of the server"},
			operations: map[string]string{
				"row/create": "create table=table|locator values=@nocoRow",
				"row/get":    "get table=table|locator record=id",
				"row/getAll": "list table=table|locator where=options.where limit=limit",
				"row/update": "update table=table|locator record=id values=@nocoRow",
				"row/delete": "delete table=table|locator record=id",
			},
			ignored: "workspaceId projectId dataToSend fieldsUi inputsToIgnore version primaryKey",
		},
		"hubspot": {
			service: "hubspot", title: "HubSpot", secret: "token", resource: "contact",
			usual: map[string]string{"contact": "upsert", "company": "create", "deal": "create", "ticket": "create"},
			operations: map[string]string{
				"contact/upsert": "upsert_contact email=email properties=@hubspotMore",
				"contact/get":    "get_contact id=contactId|locator", "contact/delete": "delete_contact id=contactId|locator",
				"contact/getAll": "list_contacts limit=limit", "company/getAll": "list_companies limit=limit",
				"deal/getAll": "list_deals limit=limit", "ticket/getAll": "list_tickets limit=limit",
				"company/get": "get_company id=companyId|locator", "company/delete": "delete_company id=companyId|locator",
				"deal/get": "get_deal id=dealId|locator", "deal/delete": "delete_deal id=dealId|locator",
				"ticket/get": "get_ticket id=ticketId|locator", "ticket/delete": "delete_ticket id=ticketId|locator",
			},
			ignored: "additionalFields options.resolveData",
		},
		"jira": {
			service: "jira", title: "Jira", secret: "token", resource: "issue", usual: map[string]string{"issue": "create", "issueComment": "add"},
			asks: []string{"site and the e-mail address"},
			operations: map[string]string{
				"issue/create": "create_issue project=project|locator issue_type=issueType|locator summary=summary description=additionalFields.description " +
					"assignee=additionalFields.assignee|locator labels=additionalFields.labels|list parent=additionalFields.parentIssueKey",
				"issue/get":    "get_issue issue=issueKey",
				"issue/getAll": "search jql=options.jql limit=limit",
				"issue/update": "update_issue issue=issueKey summary=updateFields.summary description=updateFields.description " +
					"assignee=updateFields.assignee|locator labels=updateFields.labels|list",
				"issue/delete":        "delete_issue issue=issueKey",
				"issue/transitions":   "list_transitions issue=issueKey",
				"issueComment/add":    "add_comment issue=issueKey comment=comment",
				"issueComment/getAll": "list_comments issue=issueKey limit=limit",
			},
			ignored: "jiraVersion",
		},
		"github": {
			service: "github", title: "GitHub", secret: "token", resource: "issue",
			usual: map[string]string{"issue": "create", "file": "create", "repository": "getIssues", "release": "create", "workflow": "dispatch"},
			operations: map[string]string{
				"issue/create":        "create_issue " + githubPlace + " title=title text=body",
				"issue/get":           "get_issue " + githubPlace + " number=issueNumber",
				"issue/edit":          "edit_issue " + githubPlace + " number=issueNumber title=editFields.title text=editFields.body new_state=editFields.state",
				"issue/createComment": "comment_issue " + githubPlace + " number=issueNumber text=body",
				"file/create":         "write_file " + githubPlace + " path=filePath content=fileContent message=commitMessage branch=additionalParameters.branch.branch",
				"file/edit":           "write_file " + githubPlace + " path=filePath content=fileContent message=commitMessage branch=additionalParameters.branch.branch",
				"file/get":            "get_file " + githubPlace + " path=filePath branch=additionalParameters.reference",
				"file/list":           "list_files " + githubPlace + " path=filePath",
				"repository/get":      "get_repository " + githubPlace,
				"repository/getIssues": "list_issues " + githubPlace + " state=getRepositoryIssuesFilters.state labels=getRepositoryIssuesFilters.labels|list " +
					"since=getRepositoryIssuesFilters.since limit=limit",
				"repository/getPullRequests": "list_pulls " + githubPlace + " limit=limit",
				"release/create":             "create_release " + githubPlace + " tag=releaseTag title=additionalFields.name text=additionalFields.body",
				"release/getAll":             "list_releases " + githubPlace + " limit=limit",
				"workflow/dispatch":          "run_workflow " + githubPlace + " workflow=workflowId|locator branch=ref|locator inputs=inputs|object",
				"user/getRepositories":       "list_repositories owner=owner|locator limit=limit",
			},
			ignored: "labels assignees asBinaryProperty binaryPropertyName",
		},
		"twitter": {
			service: "x", title: "X", secret: "credential", resource: "tweet", usual: map[string]string{"tweet": "create", "user": "searchUser",
				"directMessage": "create"},
			operations: map[string]string{
				"tweet/create":         "post text=text reply_to=additionalFields.inReplyToStatusId|locator quote=additionalFields.inQuoteToStatusId|locator",
				"tweet/delete":         "delete_post post=tweetDeleteId|locator",
				"tweet/search":         "search search=searchText limit=limit",
				"user/searchUser":      "get_user username=user|locator",
				"directMessage/create": "send_message user=user|locator text=text",
			},
			ignored: "me",
		},
		"wordpress": {
			service: "wordpress", title: "WordPress", secret: "password", resource: "post", usual: map[string]string{"post": "create",
				"page": "create", "user": "create"},
			asks: []string{"address and the name"},
			operations: map[string]string{
				"post/create": "create_post title=title " + wordpressFields("additionalFields"),
				"post/get":    "get_post id=postId", "post/getAll": "list_posts search=options.search status=options.status after=options.after limit=limit",
				"post/update": "update_post id=postId title=updateFields.title " + wordpressFields("updateFields"),
				"page/create": "create_page title=title content=additionalFields.content status=additionalFields.status slug=additionalFields.slug",
				"page/get":    "get_page id=pageId", "page/getAll": "list_pages search=options.search status=options.status after=options.after limit=limit",
				"page/update": "update_page id=pageId title=updateFields.title content=updateFields.content status=updateFields.status slug=updateFields.slug",
				"user/getAll": "list_users limit=limit",
			},
			ignored: "options.context",
		},
		"twilio": {
			service: "twilio", title: "Twilio", secret: "token", resource: "sms", usual: map[string]string{"sms": "send", "call": "make"},
			asks: []string{"account SID"},
			operations: map[string]string{
				"sms/send":  "send_sms from=from to=to text=message",
				"call/make": "call from=from to=to twiml=@twilioSpeech",
			},
			ignored: "twiml message",
		},
		"whatsApp": {
			service: "whatsapp", title: "WhatsApp", secret: "token", resource: "message", usual: map[string]string{"message": "send",
				"media": "mediaUpload"},
			operations: map[string]string{
				"message/send":         "@whatsAppMessage",
				"message/sendTemplate": "send_template phone=phoneNumberId to=recipientPhoneNumber template=template|locator components=components|object",
				"media/mediaUpload":    "upload_media phone=phoneNumberId file=mediaPropertyName|binary",
			},
		},
		"pipedrive": {
			service: "pipedrive", title: "Pipedrive", secret: "token", resource: "deal", asks: []string{"company"},
			usual: map[string]string{"deal": "create", "person": "create", "organization": "create", "activity": "create", "note": "create", "lead": "create"},
			operations: map[string]string{
				"deal/create": "create_deal title=title", "deal/get": "get_deal id=dealId", "deal/getAll": "list_deals limit=limit",
				"deal/delete": "delete_deal id=dealId", "person/create": "create_person name=name", "person/get": "get_person id=personId",
				"person/getAll": "list_persons limit=limit", "person/delete": "delete_person id=personId",
				"organization/create": "create_organization name=name", "organization/get": "get_organization id=organizationId",
				"organization/getAll": "list_organizations limit=limit", "activity/create": "create_activity subject=subject",
				"activity/getAll": "list_activities limit=limit", "note/create": "create_note content=content", "lead/getAll": "list_leads limit=limit",
			},
			ignored: "resolveProperties",
		},
	}
})

const (
	airtablePlace = "base=@airtableBase table=table|locator"
	airtableMany  = "view=@airtableView only=@airtableFields sort_by=@airtableSort direction=@airtableDirection limit=limit"
	githubPlace   = "owner=owner|locator repository=repository|locator"
)

func wordpressFields(in string) string {
	return "content=" + in + ".content status=" + in + ".status slug=" + in + ".slug categories=" + in + ".categories|list " +
		"tags=" + in + ".tags|list author=" + in + ".authorId"
}
