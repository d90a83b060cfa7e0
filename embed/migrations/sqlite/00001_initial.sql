-- +goose Up
-- +goose StatementBegin
CREATE TABLE t_user (
	n INTEGER PRIMARY KEY,
	id TEXT NOT NULL,
	version INTEGER NOT NULL,
	created_at INTEGER,
	updated_at INTEGER,
	deleted_at INTEGER,
	name TEXT NOT NULL,
	email TEXT NOT NULL,
	password_hash TEXT NOT NULL,
	language TEXT NOT NULL,
	time_zone TEXT NOT NULL,
	unverified INTEGER NOT NULL,
	operator INTEGER NOT NULL,
	suspended_at INTEGER,
	last_seen_at INTEGER,
	UNIQUE (id)
) STRICT;
-- +goose StatementEnd

-- +goose StatementBegin
CREATE UNIQUE INDEX t_user_email_key ON t_user (email) WHERE deleted_at IS NULL;
-- +goose StatementEnd

-- +goose StatementBegin
CREATE TABLE t_access_request (
	n INTEGER PRIMARY KEY,
	id TEXT NOT NULL,
	tenant_id TEXT NOT NULL,
	workspace_id TEXT NOT NULL,
	version INTEGER NOT NULL,
	created_at INTEGER,
	updated_at INTEGER,
	deleted_at INTEGER,
	title TEXT NOT NULL,
	requester TEXT,
	permission TEXT NOT NULL,
	resource_id TEXT NOT NULL,
	reason TEXT NOT NULL,
	state TEXT NOT NULL,
	answer TEXT NOT NULL,
	UNIQUE (id, tenant_id),
	FOREIGN KEY (requester) REFERENCES t_user (id)
) STRICT;
-- +goose StatementEnd

-- +goose StatementBegin
CREATE INDEX t_access_request_tenant_id_n_workspace_id ON t_access_request (tenant_id, n, workspace_id) WHERE deleted_at IS NULL;
-- +goose StatementEnd

-- +goose StatementBegin
CREATE INDEX t_access_request_tenant_id_requester_n_workspace_id ON t_access_request (tenant_id, requester, n, workspace_id) WHERE deleted_at IS NULL;
-- +goose StatementEnd

-- +goose StatementBegin
CREATE INDEX t_access_request_tenant_id_state_n_workspace_id ON t_access_request (tenant_id, state, n, workspace_id) WHERE deleted_at IS NULL;
-- +goose StatementEnd

-- +goose StatementBegin
CREATE TABLE t_account_token (
	n INTEGER PRIMARY KEY,
	hash TEXT NOT NULL,
	purpose TEXT NOT NULL,
	user_id TEXT NOT NULL,
	value TEXT NOT NULL,
	created_at INTEGER,
	expires_at INTEGER,
	used_at INTEGER
) STRICT;
-- +goose StatementEnd

-- +goose StatementBegin
CREATE UNIQUE INDEX t_account_token_hash_key ON t_account_token (hash);
-- +goose StatementEnd

-- +goose StatementBegin
CREATE INDEX t_account_token_user_id_purpose_created_at ON t_account_token (user_id, purpose, created_at);
-- +goose StatementEnd

-- +goose StatementBegin
CREATE INDEX t_account_token_expires_at ON t_account_token (expires_at);
-- +goose StatementEnd

-- +goose StatementBegin
CREATE TABLE t_api_key (
	n INTEGER PRIMARY KEY,
	id TEXT NOT NULL,
	tenant_id TEXT NOT NULL,
	workspace_id TEXT NOT NULL,
	version INTEGER NOT NULL,
	created_at INTEGER,
	updated_at INTEGER,
	deleted_at INTEGER,
	name TEXT NOT NULL,
	owner_id TEXT,
	acts TEXT NOT NULL,
	access TEXT NOT NULL,
	scopes TEXT NOT NULL,
	start TEXT NOT NULL,
	state TEXT NOT NULL,
	expires_at INTEGER,
	networks TEXT NOT NULL,
	per_minute INTEGER NOT NULL,
	last_used_at INTEGER,
	last_from TEXT NOT NULL,
	hash TEXT NOT NULL,
	former_hash TEXT NOT NULL,
	former_ends INTEGER,
	UNIQUE (id, tenant_id),
	FOREIGN KEY (owner_id) REFERENCES t_user (id)
) STRICT;
-- +goose StatementEnd

-- +goose StatementBegin
CREATE INDEX t_api_key_tenant_id_n_workspace_id ON t_api_key (tenant_id, n, workspace_id) WHERE deleted_at IS NULL;
-- +goose StatementEnd

-- +goose StatementBegin
CREATE INDEX t_api_key_hash ON t_api_key (hash) WHERE deleted_at IS NULL;
-- +goose StatementEnd

-- +goose StatementBegin
CREATE INDEX t_api_key_former_hash ON t_api_key (former_hash) WHERE deleted_at IS NULL;
-- +goose StatementEnd

-- +goose StatementBegin
CREATE INDEX t_api_key_tenant_id_owner_id_n_workspace_id ON t_api_key (tenant_id, owner_id, n, workspace_id) WHERE deleted_at IS NULL;
-- +goose StatementEnd

-- +goose StatementBegin
CREATE INDEX t_api_key_tenant_id_state_n_workspace_id ON t_api_key (tenant_id, state, n, workspace_id) WHERE deleted_at IS NULL;
-- +goose StatementEnd

-- +goose StatementBegin
CREATE INDEX t_api_key_deleted_at ON t_api_key (deleted_at) WHERE deleted_at IS NOT NULL;
-- +goose StatementEnd

-- +goose StatementBegin
CREATE TABLE t_api_key_use (
	tenant_id TEXT NOT NULL,
	key_id TEXT NOT NULL,
	day INTEGER NOT NULL,
	requests INTEGER NOT NULL,
	refused INTEGER NOT NULL,
	PRIMARY KEY (tenant_id, key_id, day)
) STRICT, WITHOUT ROWID;
-- +goose StatementEnd

-- +goose StatementBegin
CREATE INDEX t_api_key_use_day ON t_api_key_use (day);
-- +goose StatementEnd

-- +goose StatementBegin
CREATE TABLE t_workflow_folder (
	n INTEGER PRIMARY KEY,
	id TEXT NOT NULL,
	tenant_id TEXT NOT NULL,
	workspace_id TEXT NOT NULL,
	version INTEGER NOT NULL,
	created_at INTEGER,
	updated_at INTEGER,
	deleted_at INTEGER,
	name TEXT NOT NULL,
	parent TEXT,
	name_folded TEXT NOT NULL DEFAULT '',
	UNIQUE (id, tenant_id),
	FOREIGN KEY (tenant_id, parent) REFERENCES t_workflow_folder (tenant_id, id)
) STRICT;
-- +goose StatementEnd

-- +goose StatementBegin
CREATE INDEX t_workflow_folder_tenant_id_n_workspace_id ON t_workflow_folder (tenant_id, n, workspace_id) WHERE deleted_at IS NULL;
-- +goose StatementEnd

-- +goose StatementBegin
CREATE INDEX t_workflow_folder_deleted_at ON t_workflow_folder (deleted_at) WHERE deleted_at IS NOT NULL;
-- +goose StatementEnd

-- +goose StatementBegin
CREATE INDEX t_workflow_folder_tenant_id_parent_n_workspace_id ON t_workflow_folder (tenant_id, parent, n, workspace_id) WHERE deleted_at IS NULL;
-- +goose StatementEnd

-- +goose StatementBegin
CREATE INDEX t_workflow_folder_tenant_id_name_folded_n_workspace_id ON t_workflow_folder (tenant_id, name_folded, n, workspace_id) WHERE deleted_at IS NULL;
-- +goose StatementEnd

-- +goose StatementBegin
CREATE TABLE t_workflow (
	n INTEGER PRIMARY KEY,
	id TEXT NOT NULL,
	tenant_id TEXT NOT NULL,
	workspace_id TEXT NOT NULL,
	version INTEGER NOT NULL,
	created_at INTEGER,
	updated_at INTEGER,
	deleted_at INTEGER,
	name TEXT NOT NULL,
	description TEXT NOT NULL,
	tags TEXT NOT NULL,
	folder TEXT,
	enabled INTEGER NOT NULL,
	published_version INTEGER NOT NULL,
	draft_version INTEGER NOT NULL,
	settings TEXT,
	nodes TEXT,
	connections TEXT,
	UNIQUE (id, tenant_id),
	FOREIGN KEY (tenant_id, folder) REFERENCES t_workflow_folder (tenant_id, id)
) STRICT;
-- +goose StatementEnd

-- +goose StatementBegin
CREATE INDEX t_workflow_tenant_id_n_workspace_id ON t_workflow (tenant_id, n, workspace_id) WHERE deleted_at IS NULL;
-- +goose StatementEnd

-- +goose StatementBegin
CREATE INDEX t_workflow_deleted_at ON t_workflow (deleted_at) WHERE deleted_at IS NOT NULL;
-- +goose StatementEnd

-- +goose StatementBegin
CREATE INDEX t_workflow_tenant_id_folder_n_workspace_id ON t_workflow (tenant_id, folder, n, workspace_id) WHERE deleted_at IS NULL;
-- +goose StatementEnd

-- +goose StatementBegin
CREATE TABLE t_execution (
	n INTEGER PRIMARY KEY,
	id TEXT NOT NULL,
	tenant_id TEXT NOT NULL,
	workspace_id TEXT NOT NULL,
	workflow_id TEXT,
	workflow_version INTEGER NOT NULL,
	status TEXT NOT NULL,
	trigger TEXT NOT NULL,
	trigger_node TEXT NOT NULL,
	input TEXT,
	output TEXT,
	error_code TEXT NOT NULL,
	error_message TEXT NOT NULL,
	error_node TEXT NOT NULL,
	attempt INTEGER NOT NULL,
	retry_of TEXT,
	retried_by TEXT,
	parent TEXT,
	step INTEGER NOT NULL,
	turn INTEGER NOT NULL,
	awaited INTEGER NOT NULL,
	depth INTEGER NOT NULL,
	created_at INTEGER,
	started_at INTEGER,
	finished_at INTEGER,
	actor_id TEXT NOT NULL,
	dedupe TEXT NOT NULL,
	limit_key TEXT NOT NULL,
	epoch INTEGER NOT NULL,
	interrupted INTEGER NOT NULL,
	wake_at INTEGER,
	size INTEGER NOT NULL,
	UNIQUE (id, tenant_id),
	FOREIGN KEY (tenant_id, workflow_id) REFERENCES t_workflow (tenant_id, id),
	FOREIGN KEY (tenant_id, retry_of) REFERENCES t_execution (tenant_id, id),
	FOREIGN KEY (tenant_id, retried_by) REFERENCES t_execution (tenant_id, id),
	FOREIGN KEY (tenant_id, parent) REFERENCES t_execution (tenant_id, id)
) STRICT;
-- +goose StatementEnd

-- +goose StatementBegin
CREATE INDEX t_execution_tenant_id_n_workspace_id ON t_execution (tenant_id, n, workspace_id);
-- +goose StatementEnd

-- +goose StatementBegin
CREATE INDEX t_execution_tenant_id_workflow_id_n_workspace_id ON t_execution (tenant_id, workflow_id, n, workspace_id);
-- +goose StatementEnd

-- +goose StatementBegin
CREATE INDEX t_execution_tenant_id_status_n_workspace_id ON t_execution (tenant_id, status, n, workspace_id);
-- +goose StatementEnd

-- +goose StatementBegin
CREATE INDEX t_execution_tenant_id_parent_awaited_turn_n_workspace_id ON t_execution (tenant_id, parent, awaited, turn, n, workspace_id) WHERE parent IS NOT NULL;
-- +goose StatementEnd

-- +goose StatementBegin
CREATE UNIQUE INDEX t_execution_tenant_id_dedupe ON t_execution (tenant_id, dedupe) WHERE dedupe <> '';
-- +goose StatementEnd

-- +goose StatementBegin
CREATE INDEX t_execution_tenant_id_retry_of_n_workspace_id ON t_execution (tenant_id, retry_of, n, workspace_id) WHERE retry_of IS NOT NULL;
-- +goose StatementEnd

-- +goose StatementBegin
CREATE INDEX t_execution_tenant_id_retried_by_n_workspace_id ON t_execution (tenant_id, retried_by, n, workspace_id) WHERE retried_by IS NOT NULL;
-- +goose StatementEnd

-- +goose StatementBegin
CREATE INDEX t_execution_tenant_id_workflow_id_workflow_version_n_workspace_id ON t_execution (tenant_id, workflow_id, workflow_version, n, workspace_id) WHERE workflow_version < 0;
-- +goose StatementEnd

-- +goose StatementBegin
CREATE INDEX t_execution_status_n ON t_execution (status, n) WHERE status IN ('queued', 'running');
-- +goose StatementEnd

-- +goose StatementBegin
CREATE INDEX t_execution_tenant_id_workflow_id_trigger_node_n_workspace_id ON t_execution (tenant_id, workflow_id, trigger_node, n, workspace_id) WHERE trigger = 'schedule' AND status IN ('queued', 'running', 'waiting');
-- +goose StatementEnd

-- +goose StatementBegin
CREATE INDEX t_execution_wake_at ON t_execution (wake_at) WHERE wake_at IS NOT NULL;
-- +goose StatementEnd

-- +goose StatementBegin
CREATE TABLE t_approval (
	n INTEGER PRIMARY KEY,
	id TEXT NOT NULL,
	tenant_id TEXT NOT NULL,
	workspace_id TEXT NOT NULL,
	version INTEGER NOT NULL,
	created_at INTEGER,
	updated_at INTEGER,
	deleted_at INTEGER,
	title TEXT NOT NULL,
	message TEXT NOT NULL,
	state TEXT NOT NULL,
	workflow_id TEXT,
	execution_id TEXT,
	step INTEGER NOT NULL,
	approvers TEXT NOT NULL,
	due_at INTEGER,
	comment TEXT NOT NULL,
	decided_by TEXT,
	decided_at INTEGER,
	UNIQUE (id, tenant_id),
	FOREIGN KEY (tenant_id, workflow_id) REFERENCES t_workflow (tenant_id, id),
	FOREIGN KEY (tenant_id, execution_id) REFERENCES t_execution (tenant_id, id),
	FOREIGN KEY (decided_by) REFERENCES t_user (id)
) STRICT;
-- +goose StatementEnd

-- +goose StatementBegin
CREATE INDEX t_approval_tenant_id_n_workspace_id ON t_approval (tenant_id, n, workspace_id) WHERE deleted_at IS NULL;
-- +goose StatementEnd

-- +goose StatementBegin
CREATE INDEX t_approval_tenant_id_state_n_workspace_id ON t_approval (tenant_id, state, n, workspace_id) WHERE deleted_at IS NULL;
-- +goose StatementEnd

-- +goose StatementBegin
CREATE INDEX t_approval_tenant_id_workflow_id_n_workspace_id ON t_approval (tenant_id, workflow_id, n, workspace_id) WHERE deleted_at IS NULL;
-- +goose StatementEnd

-- +goose StatementBegin
CREATE INDEX t_approval_tenant_id_decided_by_n_workspace_id ON t_approval (tenant_id, decided_by, n, workspace_id) WHERE deleted_at IS NULL;
-- +goose StatementEnd

-- +goose StatementBegin
CREATE INDEX t_approval_tenant_id_execution_id_n_workspace_id ON t_approval (tenant_id, execution_id, n, workspace_id) WHERE execution_id IS NOT NULL;
-- +goose StatementEnd

-- +goose StatementBegin
CREATE TABLE t_asset (
	n INTEGER PRIMARY KEY,
	id TEXT NOT NULL,
	tenant_id TEXT NOT NULL,
	workspace_id TEXT NOT NULL,
	version INTEGER NOT NULL,
	created_at INTEGER,
	updated_at INTEGER,
	deleted_at INTEGER,
	name TEXT NOT NULL,
	category TEXT NOT NULL,
	environment TEXT NOT NULL,
	criticality TEXT NOT NULL,
	lifecycle TEXT NOT NULL,
	owner TEXT,
	depends_on TEXT NOT NULL,
	description TEXT NOT NULL,
	tags TEXT NOT NULL,
	attributes TEXT,
	address TEXT NOT NULL,
	price TEXT,
	warranty TEXT,
	renewal TEXT,
	custom TEXT,
	name_folded TEXT NOT NULL DEFAULT '',
	UNIQUE (id, tenant_id),
	FOREIGN KEY (owner) REFERENCES t_user (id)
) STRICT;
-- +goose StatementEnd

-- +goose StatementBegin
CREATE UNIQUE INDEX t_asset_tenant_id_name_key ON t_asset (tenant_id, name) WHERE deleted_at IS NULL;
-- +goose StatementEnd

-- +goose StatementBegin
CREATE INDEX t_asset_tenant_id_n_workspace_id ON t_asset (tenant_id, n, workspace_id) WHERE deleted_at IS NULL;
-- +goose StatementEnd

-- +goose StatementBegin
CREATE INDEX t_asset_deleted_at ON t_asset (deleted_at) WHERE deleted_at IS NOT NULL;
-- +goose StatementEnd

-- +goose StatementBegin
CREATE INDEX t_asset_tenant_id_category_n_workspace_id ON t_asset (tenant_id, category, n, workspace_id) WHERE deleted_at IS NULL;
-- +goose StatementEnd

-- +goose StatementBegin
CREATE INDEX t_asset_tenant_id_environment_n_workspace_id ON t_asset (tenant_id, environment, n, workspace_id) WHERE deleted_at IS NULL;
-- +goose StatementEnd

-- +goose StatementBegin
CREATE INDEX t_asset_tenant_id_criticality_n_workspace_id ON t_asset (tenant_id, criticality, n, workspace_id) WHERE deleted_at IS NULL;
-- +goose StatementEnd

-- +goose StatementBegin
CREATE INDEX t_asset_tenant_id_lifecycle_n_workspace_id ON t_asset (tenant_id, lifecycle, n, workspace_id) WHERE deleted_at IS NULL;
-- +goose StatementEnd

-- +goose StatementBegin
CREATE INDEX t_asset_tenant_id_owner_n_workspace_id ON t_asset (tenant_id, owner, n, workspace_id) WHERE deleted_at IS NULL;
-- +goose StatementEnd

-- +goose StatementBegin
CREATE INDEX t_asset_tenant_id_name_folded_n_workspace_id ON t_asset (tenant_id, name_folded, n, workspace_id) WHERE deleted_at IS NULL;
-- +goose StatementEnd

-- +goose StatementBegin
CREATE TABLE t_avatar (
	user_id TEXT NOT NULL,
	content BLOB,
	changed_at INTEGER,
	PRIMARY KEY (user_id)
) STRICT, WITHOUT ROWID;
-- +goose StatementEnd

-- +goose StatementBegin
CREATE TABLE t_backup_code (
	n INTEGER PRIMARY KEY,
	user_id TEXT NOT NULL,
	hash TEXT NOT NULL
) STRICT;
-- +goose StatementEnd

-- +goose StatementBegin
CREATE UNIQUE INDEX t_backup_code_user_id_hash_key ON t_backup_code (user_id, hash);
-- +goose StatementEnd

-- +goose StatementBegin
CREATE TABLE t_challenge (
	n INTEGER PRIMARY KEY,
	hash TEXT NOT NULL,
	user_id TEXT NOT NULL,
	purpose TEXT NOT NULL,
	browser TEXT NOT NULL,
	data BLOB,
	expires_at INTEGER
) STRICT;
-- +goose StatementEnd

-- +goose StatementBegin
CREATE UNIQUE INDEX t_challenge_hash_key ON t_challenge (hash);
-- +goose StatementEnd

-- +goose StatementBegin
CREATE INDEX t_challenge_user_id ON t_challenge (user_id);
-- +goose StatementEnd

-- +goose StatementBegin
CREATE INDEX t_challenge_browser ON t_challenge (browser) WHERE browser <> '';
-- +goose StatementEnd

-- +goose StatementBegin
CREATE TABLE t_connected_account (
	n INTEGER PRIMARY KEY,
	id TEXT NOT NULL,
	user_id TEXT NOT NULL,
	provider TEXT NOT NULL,
	subject TEXT NOT NULL,
	email TEXT NOT NULL,
	created_at INTEGER,
	used_at INTEGER,
	UNIQUE (id)
) STRICT;
-- +goose StatementEnd

-- +goose StatementBegin
CREATE UNIQUE INDEX t_connected_account_provider_subject_key ON t_connected_account (provider, subject);
-- +goose StatementEnd

-- +goose StatementBegin
CREATE UNIQUE INDEX t_connected_account_user_id_provider_key ON t_connected_account (user_id, provider);
-- +goose StatementEnd

-- +goose StatementBegin
CREATE TABLE t_domain (
	n INTEGER PRIMARY KEY,
	id TEXT NOT NULL,
	tenant_id TEXT NOT NULL,
	workspace_id TEXT NOT NULL,
	version INTEGER NOT NULL,
	created_at INTEGER,
	updated_at INTEGER,
	deleted_at INTEGER,
	name TEXT NOT NULL,
	state TEXT NOT NULL,
	challenge TEXT NOT NULL,
	found TEXT NOT NULL,
	checked_at INTEGER,
	verified_at INTEGER,
	missed_at INTEGER,
	UNIQUE (id, tenant_id)
) STRICT;
-- +goose StatementEnd

-- +goose StatementBegin
CREATE UNIQUE INDEX t_domain_tenant_id_name_key ON t_domain (tenant_id, name) WHERE deleted_at IS NULL;
-- +goose StatementEnd

-- +goose StatementBegin
CREATE INDEX t_domain_tenant_id_n_workspace_id ON t_domain (tenant_id, n, workspace_id) WHERE deleted_at IS NULL;
-- +goose StatementEnd

-- +goose StatementBegin
CREATE UNIQUE INDEX t_domain_name ON t_domain (name) WHERE state = 'verified' AND deleted_at IS NULL;
-- +goose StatementEnd

-- +goose StatementBegin
CREATE INDEX t_domain_tenant_id_state_n_workspace_id ON t_domain (tenant_id, state, n, workspace_id) WHERE deleted_at IS NULL;
-- +goose StatementEnd

-- +goose StatementBegin
CREATE INDEX t_domain_deleted_at ON t_domain (deleted_at) WHERE deleted_at IS NOT NULL;
-- +goose StatementEnd

-- +goose StatementBegin
CREATE TABLE t_dropdown (
	n INTEGER PRIMARY KEY,
	id TEXT NOT NULL,
	tenant_id TEXT NOT NULL,
	workspace_id TEXT NOT NULL,
	version INTEGER NOT NULL,
	created_at INTEGER,
	updated_at INTEGER,
	deleted_at INTEGER,
	category TEXT NOT NULL,
	value TEXT NOT NULL,
	label TEXT NOT NULL,
	colour TEXT NOT NULL,
	position INTEGER NOT NULL,
	hidden INTEGER NOT NULL,
	category_folded TEXT NOT NULL DEFAULT '',
	UNIQUE (id, tenant_id)
) STRICT;
-- +goose StatementEnd

-- +goose StatementBegin
CREATE UNIQUE INDEX t_dropdown_tenant_id_category_value_key ON t_dropdown (tenant_id, category, value) WHERE deleted_at IS NULL;
-- +goose StatementEnd

-- +goose StatementBegin
CREATE INDEX t_dropdown_tenant_id_n_workspace_id ON t_dropdown (tenant_id, n, workspace_id) WHERE deleted_at IS NULL;
-- +goose StatementEnd

-- +goose StatementBegin
CREATE INDEX t_dropdown_deleted_at ON t_dropdown (deleted_at) WHERE deleted_at IS NOT NULL;
-- +goose StatementEnd

-- +goose StatementBegin
CREATE INDEX t_dropdown_tenant_id_colour_n_workspace_id ON t_dropdown (tenant_id, colour, n, workspace_id) WHERE deleted_at IS NULL;
-- +goose StatementEnd

-- +goose StatementBegin
CREATE INDEX t_dropdown_tenant_id_category_folded_n_workspace_id ON t_dropdown (tenant_id, category_folded, n, workspace_id) WHERE deleted_at IS NULL;
-- +goose StatementEnd

-- +goose StatementBegin
CREATE TABLE t_feature_flag (
	n INTEGER PRIMARY KEY,
	id TEXT NOT NULL,
	version INTEGER NOT NULL,
	created_at INTEGER,
	updated_at INTEGER,
	deleted_at INTEGER,
	feature TEXT NOT NULL,
	organization TEXT NOT NULL,
	enabled INTEGER NOT NULL,
	reason TEXT NOT NULL,
	organization_id TEXT NOT NULL,
	UNIQUE (id)
) STRICT;
-- +goose StatementEnd

-- +goose StatementBegin
CREATE UNIQUE INDEX t_feature_flag_feature_organization_id_key ON t_feature_flag (feature, organization_id) WHERE deleted_at IS NULL;
-- +goose StatementEnd

-- +goose StatementBegin
CREATE INDEX t_feature_flag_deleted_at ON t_feature_flag (deleted_at) WHERE deleted_at IS NOT NULL;
-- +goose StatementEnd

-- +goose StatementBegin
CREATE INDEX t_feature_flag_feature ON t_feature_flag (feature) WHERE deleted_at IS NULL;
-- +goose StatementEnd

-- +goose StatementBegin
CREATE TABLE t_former_slug (
	n INTEGER PRIMARY KEY,
	slug TEXT NOT NULL,
	organization TEXT NOT NULL,
	until INTEGER
) STRICT;
-- +goose StatementEnd

-- +goose StatementBegin
CREATE UNIQUE INDEX t_former_slug_slug_key ON t_former_slug (slug);
-- +goose StatementEnd

-- +goose StatementBegin
CREATE INDEX t_former_slug_organization ON t_former_slug (organization);
-- +goose StatementEnd

-- +goose StatementBegin
CREATE TABLE t_team (
	n INTEGER PRIMARY KEY,
	id TEXT NOT NULL,
	tenant_id TEXT NOT NULL,
	workspace_id TEXT NOT NULL,
	version INTEGER NOT NULL,
	created_at INTEGER,
	updated_at INTEGER,
	deleted_at INTEGER,
	name TEXT NOT NULL,
	description TEXT NOT NULL,
	lead TEXT,
	name_folded TEXT NOT NULL DEFAULT '',
	UNIQUE (id, tenant_id),
	FOREIGN KEY (lead) REFERENCES t_user (id)
) STRICT;
-- +goose StatementEnd

-- +goose StatementBegin
CREATE UNIQUE INDEX t_team_tenant_id_name_key ON t_team (tenant_id, name) WHERE deleted_at IS NULL;
-- +goose StatementEnd

-- +goose StatementBegin
CREATE INDEX t_team_tenant_id_n_workspace_id ON t_team (tenant_id, n, workspace_id) WHERE deleted_at IS NULL;
-- +goose StatementEnd

-- +goose StatementBegin
CREATE INDEX t_team_deleted_at ON t_team (deleted_at) WHERE deleted_at IS NOT NULL;
-- +goose StatementEnd

-- +goose StatementBegin
CREATE INDEX t_team_tenant_id_lead_n_workspace_id ON t_team (tenant_id, lead, n, workspace_id) WHERE deleted_at IS NULL;
-- +goose StatementEnd

-- +goose StatementBegin
CREATE INDEX t_team_tenant_id_name_folded_n_workspace_id ON t_team (tenant_id, name_folded, n, workspace_id) WHERE deleted_at IS NULL;
-- +goose StatementEnd

-- +goose StatementBegin
CREATE TABLE t_role (
	n INTEGER PRIMARY KEY,
	id TEXT NOT NULL,
	tenant_id TEXT NOT NULL,
	workspace_id TEXT NOT NULL,
	version INTEGER NOT NULL,
	created_at INTEGER,
	updated_at INTEGER,
	deleted_at INTEGER,
	name TEXT NOT NULL,
	includes TEXT,
	description TEXT NOT NULL,
	built_in INTEGER NOT NULL,
	added TEXT NOT NULL,
	removed TEXT NOT NULL,
	UNIQUE (id, tenant_id),
	FOREIGN KEY (tenant_id, includes) REFERENCES t_role (tenant_id, id)
) STRICT;
-- +goose StatementEnd

-- +goose StatementBegin
CREATE UNIQUE INDEX t_role_tenant_id_name_key ON t_role (tenant_id, name) WHERE deleted_at IS NULL;
-- +goose StatementEnd

-- +goose StatementBegin
CREATE INDEX t_role_tenant_id_n_workspace_id ON t_role (tenant_id, n, workspace_id) WHERE deleted_at IS NULL;
-- +goose StatementEnd

-- +goose StatementBegin
CREATE INDEX t_role_deleted_at ON t_role (deleted_at) WHERE deleted_at IS NOT NULL;
-- +goose StatementEnd

-- +goose StatementBegin
CREATE INDEX t_role_tenant_id_includes_n_workspace_id ON t_role (tenant_id, includes, n, workspace_id) WHERE deleted_at IS NULL;
-- +goose StatementEnd

-- +goose StatementBegin
CREATE TABLE t_workspace (
	n INTEGER PRIMARY KEY,
	id TEXT NOT NULL,
	tenant_id TEXT NOT NULL,
	workspace_id TEXT NOT NULL,
	version INTEGER NOT NULL,
	created_at INTEGER,
	updated_at INTEGER,
	deleted_at INTEGER,
	name TEXT NOT NULL,
	state TEXT NOT NULL,
	description TEXT NOT NULL,
	colour TEXT NOT NULL,
	private INTEGER NOT NULL,
	teams TEXT NOT NULL,
	tags TEXT NOT NULL,
	archived_at INTEGER,
	name_folded TEXT NOT NULL DEFAULT '',
	UNIQUE (id, tenant_id)
) STRICT;
-- +goose StatementEnd

-- +goose StatementBegin
CREATE UNIQUE INDEX t_workspace_tenant_id_name_key ON t_workspace (tenant_id, name) WHERE deleted_at IS NULL;
-- +goose StatementEnd

-- +goose StatementBegin
CREATE INDEX t_workspace_tenant_id_n_workspace_id ON t_workspace (tenant_id, n, workspace_id) WHERE deleted_at IS NULL;
-- +goose StatementEnd

-- +goose StatementBegin
CREATE INDEX t_workspace_deleted_at ON t_workspace (deleted_at) WHERE deleted_at IS NOT NULL;
-- +goose StatementEnd

-- +goose StatementBegin
CREATE INDEX t_workspace_tenant_id_state_n_workspace_id ON t_workspace (tenant_id, state, n, workspace_id) WHERE deleted_at IS NULL;
-- +goose StatementEnd

-- +goose StatementBegin
CREATE INDEX t_workspace_tenant_id_name_folded_n_workspace_id ON t_workspace (tenant_id, name_folded, n, workspace_id) WHERE deleted_at IS NULL;
-- +goose StatementEnd

-- +goose StatementBegin
CREATE TABLE t_grant (
	n INTEGER PRIMARY KEY,
	id TEXT NOT NULL,
	tenant_id TEXT NOT NULL,
	workspace_id TEXT NOT NULL,
	version INTEGER NOT NULL,
	created_at INTEGER,
	updated_at INTEGER,
	deleted_at INTEGER,
	title TEXT NOT NULL,
	permission TEXT NOT NULL,
	user_id TEXT,
	team TEXT,
	role TEXT,
	resource_id TEXT NOT NULL,
	workspace TEXT,
	until INTEGER,
	reason TEXT NOT NULL,
	UNIQUE (id, tenant_id),
	FOREIGN KEY (user_id) REFERENCES t_user (id),
	FOREIGN KEY (tenant_id, team) REFERENCES t_team (tenant_id, id),
	FOREIGN KEY (tenant_id, role) REFERENCES t_role (tenant_id, id),
	FOREIGN KEY (tenant_id, workspace) REFERENCES t_workspace (tenant_id, id)
) STRICT;
-- +goose StatementEnd

-- +goose StatementBegin
CREATE INDEX t_grant_tenant_id_n_workspace_id ON t_grant (tenant_id, n, workspace_id) WHERE deleted_at IS NULL;
-- +goose StatementEnd

-- +goose StatementBegin
CREATE INDEX t_grant_deleted_at ON t_grant (deleted_at) WHERE deleted_at IS NOT NULL;
-- +goose StatementEnd

-- +goose StatementBegin
CREATE INDEX t_grant_tenant_id_user_id_n_workspace_id ON t_grant (tenant_id, user_id, n, workspace_id) WHERE deleted_at IS NULL;
-- +goose StatementEnd

-- +goose StatementBegin
CREATE INDEX t_grant_tenant_id_team_n_workspace_id ON t_grant (tenant_id, team, n, workspace_id) WHERE deleted_at IS NULL;
-- +goose StatementEnd

-- +goose StatementBegin
CREATE INDEX t_grant_tenant_id_role_n_workspace_id ON t_grant (tenant_id, role, n, workspace_id) WHERE deleted_at IS NULL;
-- +goose StatementEnd

-- +goose StatementBegin
CREATE INDEX t_grant_tenant_id_workspace_n_workspace_id ON t_grant (tenant_id, workspace, n, workspace_id) WHERE deleted_at IS NULL;
-- +goose StatementEnd

-- +goose StatementBegin
CREATE TABLE t_hook (
	n INTEGER PRIMARY KEY,
	tenant_id TEXT NOT NULL,
	form INTEGER NOT NULL,
	path TEXT NOT NULL,
	workflow_id TEXT NOT NULL,
	version INTEGER NOT NULL,
	node_id TEXT NOT NULL
) STRICT;
-- +goose StatementEnd

-- +goose StatementBegin
CREATE UNIQUE INDEX t_hook_tenant_id_form_path_key ON t_hook (tenant_id, form, path);
-- +goose StatementEnd

-- +goose StatementBegin
CREATE INDEX t_hook_tenant_id_workflow_id ON t_hook (tenant_id, workflow_id);
-- +goose StatementEnd

-- +goose StatementBegin
CREATE TABLE t_runbook_run (
	n INTEGER PRIMARY KEY,
	id TEXT NOT NULL,
	tenant_id TEXT NOT NULL,
	workspace_id TEXT NOT NULL,
	version INTEGER NOT NULL,
	created_at INTEGER,
	updated_at INTEGER,
	deleted_at INTEGER,
	runbook TEXT,
	title TEXT NOT NULL,
	state TEXT NOT NULL,
	steps TEXT,
	done INTEGER NOT NULL,
	incident TEXT,
	started_by TEXT,
	runbook_version INTEGER NOT NULL,
	finished_at INTEGER,
	reason TEXT NOT NULL,
	UNIQUE (id, tenant_id),
	FOREIGN KEY (tenant_id, runbook) REFERENCES t_runbook (tenant_id, id),
	FOREIGN KEY (tenant_id, incident) REFERENCES t_incident (tenant_id, id),
	FOREIGN KEY (started_by) REFERENCES t_user (id)
) STRICT;
-- +goose StatementEnd

-- +goose StatementBegin
CREATE INDEX t_runbook_run_tenant_id_n_workspace_id ON t_runbook_run (tenant_id, n, workspace_id) WHERE deleted_at IS NULL;
-- +goose StatementEnd

-- +goose StatementBegin
CREATE INDEX t_runbook_run_tenant_id_state_n_workspace_id ON t_runbook_run (tenant_id, state, n, workspace_id) WHERE deleted_at IS NULL;
-- +goose StatementEnd

-- +goose StatementBegin
CREATE INDEX t_runbook_run_tenant_id_incident_n_workspace_id ON t_runbook_run (tenant_id, incident, n, workspace_id) WHERE deleted_at IS NULL;
-- +goose StatementEnd

-- +goose StatementBegin
CREATE INDEX t_runbook_run_tenant_id_started_by_n_workspace_id ON t_runbook_run (tenant_id, started_by, n, workspace_id) WHERE deleted_at IS NULL;
-- +goose StatementEnd

-- +goose StatementBegin
CREATE TABLE t_runbook (
	n INTEGER PRIMARY KEY,
	id TEXT NOT NULL,
	tenant_id TEXT NOT NULL,
	workspace_id TEXT NOT NULL,
	version INTEGER NOT NULL,
	created_at INTEGER,
	updated_at INTEGER,
	deleted_at INTEGER,
	title TEXT NOT NULL,
	state TEXT NOT NULL,
	owner TEXT,
	assets TEXT NOT NULL,
	text TEXT NOT NULL,
	tags TEXT NOT NULL,
	review TEXT,
	custom TEXT,
	last_run TEXT,
	last_run_at INTEGER,
	title_folded TEXT NOT NULL DEFAULT '',
	UNIQUE (id, tenant_id),
	FOREIGN KEY (owner) REFERENCES t_user (id),
	FOREIGN KEY (tenant_id, last_run) REFERENCES t_runbook_run (tenant_id, id)
) STRICT;
-- +goose StatementEnd

-- +goose StatementBegin
CREATE INDEX t_runbook_tenant_id_n_workspace_id ON t_runbook (tenant_id, n, workspace_id) WHERE deleted_at IS NULL;
-- +goose StatementEnd

-- +goose StatementBegin
CREATE INDEX t_runbook_deleted_at ON t_runbook (deleted_at) WHERE deleted_at IS NOT NULL;
-- +goose StatementEnd

-- +goose StatementBegin
CREATE INDEX t_runbook_tenant_id_state_n_workspace_id ON t_runbook (tenant_id, state, n, workspace_id) WHERE deleted_at IS NULL;
-- +goose StatementEnd

-- +goose StatementBegin
CREATE INDEX t_runbook_tenant_id_owner_n_workspace_id ON t_runbook (tenant_id, owner, n, workspace_id) WHERE deleted_at IS NULL;
-- +goose StatementEnd

-- +goose StatementBegin
CREATE INDEX t_runbook_tenant_id_title_folded_n_workspace_id ON t_runbook (tenant_id, title_folded, n, workspace_id) WHERE deleted_at IS NULL;
-- +goose StatementEnd

-- +goose StatementBegin
CREATE TABLE t_incident (
	n INTEGER PRIMARY KEY,
	id TEXT NOT NULL,
	tenant_id TEXT NOT NULL,
	workspace_id TEXT NOT NULL,
	version INTEGER NOT NULL,
	created_at INTEGER,
	updated_at INTEGER,
	deleted_at INTEGER,
	title TEXT NOT NULL,
	severity TEXT NOT NULL,
	source TEXT NOT NULL,
	state TEXT NOT NULL,
	assets TEXT NOT NULL,
	assignee TEXT,
	commander TEXT,
	runbook TEXT,
	follows TEXT,
	summary TEXT NOT NULL,
	tags TEXT NOT NULL,
	custom TEXT,
	merged_into TEXT,
	resolution TEXT NOT NULL,
	acknowledged_at INTEGER,
	mitigated_at INTEGER,
	resolved_at INTEGER,
	closed_at INTEGER,
	UNIQUE (id, tenant_id),
	FOREIGN KEY (assignee) REFERENCES t_user (id),
	FOREIGN KEY (commander) REFERENCES t_user (id),
	FOREIGN KEY (tenant_id, runbook) REFERENCES t_runbook (tenant_id, id),
	FOREIGN KEY (tenant_id, follows) REFERENCES t_incident (tenant_id, id),
	FOREIGN KEY (tenant_id, merged_into) REFERENCES t_incident (tenant_id, id)
) STRICT;
-- +goose StatementEnd

-- +goose StatementBegin
CREATE INDEX t_incident_tenant_id_n_workspace_id ON t_incident (tenant_id, n, workspace_id) WHERE deleted_at IS NULL;
-- +goose StatementEnd

-- +goose StatementBegin
CREATE INDEX t_incident_deleted_at ON t_incident (deleted_at) WHERE deleted_at IS NOT NULL;
-- +goose StatementEnd

-- +goose StatementBegin
CREATE INDEX t_incident_tenant_id_severity_n_workspace_id ON t_incident (tenant_id, severity, n, workspace_id) WHERE deleted_at IS NULL;
-- +goose StatementEnd

-- +goose StatementBegin
CREATE INDEX t_incident_tenant_id_state_n_workspace_id ON t_incident (tenant_id, state, n, workspace_id) WHERE deleted_at IS NULL;
-- +goose StatementEnd

-- +goose StatementBegin
CREATE INDEX t_incident_tenant_id_assignee_n_workspace_id ON t_incident (tenant_id, assignee, n, workspace_id) WHERE deleted_at IS NULL;
-- +goose StatementEnd

-- +goose StatementBegin
CREATE INDEX t_incident_tenant_id_commander_n_workspace_id ON t_incident (tenant_id, commander, n, workspace_id) WHERE deleted_at IS NULL;
-- +goose StatementEnd

-- +goose StatementBegin
CREATE INDEX t_incident_tenant_id_runbook_n_workspace_id ON t_incident (tenant_id, runbook, n, workspace_id) WHERE deleted_at IS NULL;
-- +goose StatementEnd

-- +goose StatementBegin
CREATE INDEX t_incident_tenant_id_follows_n_workspace_id ON t_incident (tenant_id, follows, n, workspace_id) WHERE deleted_at IS NULL;
-- +goose StatementEnd

-- +goose StatementBegin
CREATE TABLE t_incident_entry (
	n INTEGER PRIMARY KEY,
	id TEXT NOT NULL,
	tenant_id TEXT NOT NULL,
	workspace_id TEXT NOT NULL,
	version INTEGER NOT NULL,
	created_at INTEGER,
	updated_at INTEGER,
	deleted_at INTEGER,
	incident TEXT,
	text TEXT NOT NULL,
	source TEXT NOT NULL,
	happened_at INTEGER,
	author TEXT,
	UNIQUE (id, tenant_id),
	FOREIGN KEY (tenant_id, incident) REFERENCES t_incident (tenant_id, id),
	FOREIGN KEY (author) REFERENCES t_user (id)
) STRICT;
-- +goose StatementEnd

-- +goose StatementBegin
CREATE INDEX t_incident_entry_tenant_id_n_workspace_id ON t_incident_entry (tenant_id, n, workspace_id) WHERE deleted_at IS NULL;
-- +goose StatementEnd

-- +goose StatementBegin
CREATE INDEX t_incident_entry_deleted_at ON t_incident_entry (deleted_at) WHERE deleted_at IS NOT NULL;
-- +goose StatementEnd

-- +goose StatementBegin
CREATE INDEX t_incident_entry_tenant_id_source_n_workspace_id ON t_incident_entry (tenant_id, source, n, workspace_id) WHERE deleted_at IS NULL;
-- +goose StatementEnd

-- +goose StatementBegin
CREATE INDEX t_incident_entry_tenant_id_author_n_workspace_id ON t_incident_entry (tenant_id, author, n, workspace_id) WHERE deleted_at IS NULL;
-- +goose StatementEnd

-- +goose StatementBegin
CREATE TABLE t_instance_dropdown (
	n INTEGER PRIMARY KEY,
	id TEXT NOT NULL,
	version INTEGER NOT NULL,
	created_at INTEGER,
	updated_at INTEGER,
	deleted_at INTEGER,
	category TEXT NOT NULL,
	value TEXT NOT NULL,
	label TEXT NOT NULL,
	colour TEXT NOT NULL,
	position INTEGER NOT NULL,
	UNIQUE (id)
) STRICT;
-- +goose StatementEnd

-- +goose StatementBegin
CREATE UNIQUE INDEX t_instance_dropdown_category_value_key ON t_instance_dropdown (category, value) WHERE deleted_at IS NULL;
-- +goose StatementEnd

-- +goose StatementBegin
CREATE INDEX t_instance_dropdown_deleted_at ON t_instance_dropdown (deleted_at) WHERE deleted_at IS NOT NULL;
-- +goose StatementEnd

-- +goose StatementBegin
CREATE INDEX t_instance_dropdown_colour ON t_instance_dropdown (colour) WHERE deleted_at IS NULL;
-- +goose StatementEnd

-- +goose StatementBegin
CREATE TABLE t_instance_tag (
	n INTEGER PRIMARY KEY,
	id TEXT NOT NULL,
	version INTEGER NOT NULL,
	created_at INTEGER,
	updated_at INTEGER,
	deleted_at INTEGER,
	name TEXT NOT NULL,
	colour TEXT NOT NULL,
	description TEXT NOT NULL,
	UNIQUE (id)
) STRICT;
-- +goose StatementEnd

-- +goose StatementBegin
CREATE UNIQUE INDEX t_instance_tag_name_key ON t_instance_tag (name) WHERE deleted_at IS NULL;
-- +goose StatementEnd

-- +goose StatementBegin
CREATE INDEX t_instance_tag_deleted_at ON t_instance_tag (deleted_at) WHERE deleted_at IS NOT NULL;
-- +goose StatementEnd

-- +goose StatementBegin
CREATE INDEX t_instance_tag_colour ON t_instance_tag (colour) WHERE deleted_at IS NULL;
-- +goose StatementEnd

-- +goose StatementBegin
CREATE TABLE t_instance_template (
	n INTEGER PRIMARY KEY,
	id TEXT NOT NULL,
	version INTEGER NOT NULL,
	created_at INTEGER,
	updated_at INTEGER,
	deleted_at INTEGER,
	name TEXT NOT NULL,
	kind TEXT NOT NULL,
	description TEXT NOT NULL,
	title TEXT NOT NULL,
	body TEXT NOT NULL,
	tags TEXT NOT NULL,
	samples TEXT NOT NULL,
	UNIQUE (id)
) STRICT;
-- +goose StatementEnd

-- +goose StatementBegin
CREATE UNIQUE INDEX t_instance_template_name_key ON t_instance_template (name) WHERE deleted_at IS NULL;
-- +goose StatementEnd

-- +goose StatementBegin
CREATE INDEX t_instance_template_deleted_at ON t_instance_template (deleted_at) WHERE deleted_at IS NOT NULL;
-- +goose StatementEnd

-- +goose StatementBegin
CREATE TABLE t_instance_template_field (
	n INTEGER PRIMARY KEY,
	id TEXT NOT NULL,
	version INTEGER NOT NULL,
	created_at INTEGER,
	updated_at INTEGER,
	deleted_at INTEGER,
	template TEXT,
	label TEXT NOT NULL,
	name TEXT NOT NULL,
	type TEXT NOT NULL,
	required INTEGER NOT NULL,
	category TEXT NOT NULL,
	position INTEGER NOT NULL,
	UNIQUE (id),
	FOREIGN KEY (template) REFERENCES t_instance_template (id)
) STRICT;
-- +goose StatementEnd

-- +goose StatementBegin
CREATE UNIQUE INDEX t_instance_template_field_template_name_key ON t_instance_template_field (template, name) WHERE deleted_at IS NULL;
-- +goose StatementEnd

-- +goose StatementBegin
CREATE INDEX t_instance_template_field_deleted_at ON t_instance_template_field (deleted_at) WHERE deleted_at IS NOT NULL;
-- +goose StatementEnd

-- +goose StatementBegin
CREATE INDEX t_instance_template_field_type ON t_instance_template_field (type) WHERE deleted_at IS NULL;
-- +goose StatementEnd

-- +goose StatementBegin
CREATE TABLE t_invitation (
	n INTEGER PRIMARY KEY,
	id TEXT NOT NULL,
	tenant_id TEXT NOT NULL,
	workspace_id TEXT NOT NULL,
	version INTEGER NOT NULL,
	created_at INTEGER,
	updated_at INTEGER,
	deleted_at INTEGER,
	email TEXT NOT NULL,
	state TEXT NOT NULL,
	role TEXT,
	teams TEXT NOT NULL,
	message TEXT NOT NULL,
	invited_by TEXT,
	sent_at INTEGER,
	expires_at INTEGER,
	token_hash TEXT NOT NULL,
	mailed_hash TEXT NOT NULL,
	UNIQUE (id, tenant_id),
	FOREIGN KEY (tenant_id, role) REFERENCES t_role (tenant_id, id),
	FOREIGN KEY (invited_by) REFERENCES t_user (id)
) STRICT;
-- +goose StatementEnd

-- +goose StatementBegin
CREATE INDEX t_invitation_tenant_id_n_workspace_id ON t_invitation (tenant_id, n, workspace_id) WHERE deleted_at IS NULL;
-- +goose StatementEnd

-- +goose StatementBegin
CREATE INDEX t_invitation_token_hash ON t_invitation (token_hash) WHERE deleted_at IS NULL;
-- +goose StatementEnd

-- +goose StatementBegin
CREATE INDEX t_invitation_mailed_hash ON t_invitation (mailed_hash) WHERE deleted_at IS NULL;
-- +goose StatementEnd

-- +goose StatementBegin
CREATE INDEX t_invitation_state_expires_at ON t_invitation (state, expires_at) WHERE deleted_at IS NULL;
-- +goose StatementEnd

-- +goose StatementBegin
CREATE INDEX t_invitation_tenant_id_email_n_workspace_id ON t_invitation (tenant_id, email, n, workspace_id) WHERE deleted_at IS NULL;
-- +goose StatementEnd

-- +goose StatementBegin
CREATE INDEX t_invitation_tenant_id_state_n_workspace_id ON t_invitation (tenant_id, state, n, workspace_id) WHERE deleted_at IS NULL;
-- +goose StatementEnd

-- +goose StatementBegin
CREATE INDEX t_invitation_tenant_id_role_n_workspace_id ON t_invitation (tenant_id, role, n, workspace_id) WHERE deleted_at IS NULL;
-- +goose StatementEnd

-- +goose StatementBegin
CREATE TABLE t_job (
	n INTEGER PRIMARY KEY,
	id TEXT NOT NULL,
	name TEXT NOT NULL,
	key TEXT NOT NULL,
	tenant_id TEXT NOT NULL,
	input TEXT NOT NULL,
	state TEXT NOT NULL,
	due_at INTEGER,
	deadline INTEGER,
	attempts INTEGER NOT NULL,
	epoch INTEGER NOT NULL,
	again INTEGER NOT NULL,
	error TEXT NOT NULL,
	created_at INTEGER,
	started_at INTEGER,
	ended_at INTEGER,
	forget_at INTEGER,
	UNIQUE (id)
) STRICT;
-- +goose StatementEnd

-- +goose StatementBegin
CREATE UNIQUE INDEX t_job_name_tenant_id_key ON t_job (name, tenant_id, key) WHERE ended_at IS NULL AND key <> '';
-- +goose StatementEnd

-- +goose StatementBegin
CREATE INDEX t_job_name_due_at ON t_job (name, due_at) WHERE state = 'waiting';
-- +goose StatementEnd

-- +goose StatementBegin
CREATE INDEX t_job_name_tenant_id_due_at ON t_job (name, tenant_id, due_at) WHERE state = 'waiting';
-- +goose StatementEnd

-- +goose StatementBegin
CREATE INDEX t_job_state ON t_job (state) WHERE state = 'running';
-- +goose StatementEnd

-- +goose StatementBegin
CREATE INDEX t_job_forget_at ON t_job (forget_at) WHERE forget_at IS NOT NULL;
-- +goose StatementEnd

-- +goose StatementBegin
CREATE TABLE t_known_device (
	user_id TEXT NOT NULL,
	name TEXT NOT NULL,
	seen_at INTEGER,
	PRIMARY KEY (user_id, name)
) STRICT, WITHOUT ROWID;
-- +goose StatementEnd

-- +goose StatementBegin
CREATE TABLE t_ledger (
	n INTEGER PRIMARY KEY,
	tenant_id TEXT NOT NULL,
	workspace_id TEXT NOT NULL,
	seq INTEGER NOT NULL,
	at INTEGER,
	actor_kind TEXT NOT NULL,
	actor_id TEXT NOT NULL,
	actor_name TEXT NOT NULL,
	on_behalf_of TEXT NOT NULL,
	action TEXT NOT NULL,
	kind TEXT NOT NULL,
	resource_id TEXT NOT NULL,
	changes TEXT,
	object TEXT,
	result TEXT NOT NULL,
	address TEXT NOT NULL,
	user_agent TEXT NOT NULL,
	request_id TEXT NOT NULL,
	previous_hash BLOB,
	hash BLOB
) STRICT;
-- +goose StatementEnd

-- +goose StatementBegin
CREATE UNIQUE INDEX t_ledger_tenant_id_seq_key ON t_ledger (tenant_id, seq);
-- +goose StatementEnd

-- +goose StatementBegin
CREATE INDEX t_ledger_tenant_id_resource_id ON t_ledger (tenant_id, resource_id);
-- +goose StatementEnd

-- +goose StatementBegin
CREATE TRIGGER t_ledger_no_delete BEFORE DELETE ON t_ledger WHEN NOT EXISTS (SELECT 1 FROM t_erasing e WHERE e.tenant_id = OLD.tenant_id) BEGIN SELECT RAISE(ABORT, 'appended rows stay'); END;
-- +goose StatementEnd

-- +goose StatementBegin
CREATE TRIGGER t_ledger_no_update BEFORE UPDATE ON t_ledger BEGIN SELECT RAISE(ABORT, 'appended rows stay'); END;
-- +goose StatementEnd

-- +goose StatementBegin
CREATE TABLE t_list_preference (
	tenant_id TEXT NOT NULL,
	user_id TEXT NOT NULL,
	kind TEXT NOT NULL,
	columns TEXT NOT NULL,
	view_id TEXT NOT NULL,
	PRIMARY KEY (tenant_id, user_id, kind)
) STRICT, WITHOUT ROWID;
-- +goose StatementEnd

-- +goose StatementBegin
CREATE TABLE t_listener (
	n INTEGER PRIMARY KEY,
	tenant_id TEXT NOT NULL,
	workflow_id TEXT NOT NULL,
	version INTEGER NOT NULL,
	node_id TEXT NOT NULL,
	event TEXT NOT NULL,
	reads_all INTEGER NOT NULL,
	seq INTEGER NOT NULL
) STRICT;
-- +goose StatementEnd

-- +goose StatementBegin
CREATE INDEX t_listener_tenant_id_workflow_id ON t_listener (tenant_id, workflow_id);
-- +goose StatementEnd

-- +goose StatementBegin
CREATE INDEX t_listener_tenant_id_event ON t_listener (tenant_id, event);
-- +goose StatementEnd

-- +goose StatementBegin
CREATE TABLE t_mailbox (
	n INTEGER PRIMARY KEY,
	tenant_id TEXT NOT NULL,
	workflow_id TEXT NOT NULL,
	version INTEGER NOT NULL,
	node_id TEXT NOT NULL,
	account TEXT NOT NULL,
	validity INTEGER NOT NULL,
	uid INTEGER NOT NULL,
	checked_at INTEGER,
	error TEXT NOT NULL
) STRICT;
-- +goose StatementEnd

-- +goose StatementBegin
CREATE UNIQUE INDEX t_mailbox_tenant_id_workflow_id_node_id_key ON t_mailbox (tenant_id, workflow_id, node_id);
-- +goose StatementEnd

-- +goose StatementBegin
CREATE TABLE t_membership (
	n INTEGER PRIMARY KEY,
	id TEXT NOT NULL,
	tenant_id TEXT NOT NULL,
	workspace_id TEXT NOT NULL,
	version INTEGER NOT NULL,
	created_at INTEGER,
	updated_at INTEGER,
	deleted_at INTEGER,
	user_id TEXT,
	role TEXT,
	status TEXT NOT NULL,
	UNIQUE (id, tenant_id),
	FOREIGN KEY (user_id) REFERENCES t_user (id),
	FOREIGN KEY (tenant_id, role) REFERENCES t_role (tenant_id, id)
) STRICT;
-- +goose StatementEnd

-- +goose StatementBegin
CREATE UNIQUE INDEX t_membership_tenant_id_user_id_key ON t_membership (tenant_id, user_id) WHERE deleted_at IS NULL;
-- +goose StatementEnd

-- +goose StatementBegin
CREATE INDEX t_membership_tenant_id_n_workspace_id ON t_membership (tenant_id, n, workspace_id) WHERE deleted_at IS NULL;
-- +goose StatementEnd

-- +goose StatementBegin
CREATE INDEX t_membership_deleted_at ON t_membership (deleted_at) WHERE deleted_at IS NOT NULL;
-- +goose StatementEnd

-- +goose StatementBegin
CREATE INDEX t_membership_tenant_id_user_id_n_workspace_id ON t_membership (tenant_id, user_id, n, workspace_id) WHERE deleted_at IS NULL;
-- +goose StatementEnd

-- +goose StatementBegin
CREATE INDEX t_membership_tenant_id_role_n_workspace_id ON t_membership (tenant_id, role, n, workspace_id) WHERE deleted_at IS NULL;
-- +goose StatementEnd

-- +goose StatementBegin
CREATE INDEX t_membership_tenant_id_status_n_workspace_id ON t_membership (tenant_id, status, n, workspace_id) WHERE deleted_at IS NULL;
-- +goose StatementEnd

-- +goose StatementBegin
CREATE TABLE t_message (
	n INTEGER PRIMARY KEY,
	id TEXT NOT NULL,
	channel TEXT NOT NULL,
	recipient TEXT NOT NULL,
	subject TEXT NOT NULL,
	text TEXT NOT NULL,
	action TEXT NOT NULL,
	link TEXT NOT NULL,
	created_at INTEGER,
	until INTEGER,
	secret BLOB,
	sender TEXT NOT NULL,
	organization TEXT NOT NULL,
	accent TEXT NOT NULL,
	names_zygo INTEGER NOT NULL,
	UNIQUE (id)
) STRICT;
-- +goose StatementEnd

-- +goose StatementBegin
CREATE INDEX t_message_created_at ON t_message (created_at);
-- +goose StatementEnd

-- +goose StatementBegin
CREATE INDEX t_message_until ON t_message (until) WHERE length(secret) > 0;
-- +goose StatementEnd

-- +goose StatementBegin
CREATE TABLE t_once (
	tenant_id TEXT NOT NULL,
	actor TEXT NOT NULL,
	route TEXT NOT NULL,
	request_id TEXT NOT NULL,
	sum TEXT NOT NULL,
	answer BLOB,
	created_at INTEGER,
	PRIMARY KEY (tenant_id, actor, route, request_id)
) STRICT, WITHOUT ROWID;
-- +goose StatementEnd

-- +goose StatementBegin
CREATE INDEX t_once_created_at ON t_once (created_at);
-- +goose StatementEnd

-- +goose StatementBegin
CREATE TABLE t_ownership_offer (
	tenant_id TEXT NOT NULL,
	from_id TEXT NOT NULL,
	to_id TEXT NOT NULL,
	created_at INTEGER,
	expires_at INTEGER,
	PRIMARY KEY (tenant_id)
) STRICT, WITHOUT ROWID;
-- +goose StatementEnd

-- +goose StatementBegin
CREATE TABLE t_passkey (
	n INTEGER PRIMARY KEY,
	id TEXT NOT NULL,
	user_id TEXT NOT NULL,
	name TEXT NOT NULL,
	host TEXT NOT NULL,
	credential_id TEXT NOT NULL,
	credential BLOB,
	created_at INTEGER,
	used_at INTEGER,
	UNIQUE (id)
) STRICT;
-- +goose StatementEnd

-- +goose StatementBegin
CREATE UNIQUE INDEX t_passkey_credential_id_key ON t_passkey (credential_id);
-- +goose StatementEnd

-- +goose StatementBegin
CREATE INDEX t_passkey_user_id ON t_passkey (user_id);
-- +goose StatementEnd

-- +goose StatementBegin
CREATE TABLE t_payload (
	execution INTEGER NOT NULL,
	sum TEXT NOT NULL,
	tenant_id TEXT NOT NULL,
	size INTEGER NOT NULL,
	PRIMARY KEY (execution, sum)
) STRICT, WITHOUT ROWID;
-- +goose StatementEnd

-- +goose StatementBegin
CREATE INDEX t_payload_sum ON t_payload (sum);
-- +goose StatementEnd

-- +goose StatementBegin
CREATE TABLE t_permission_template (
	n INTEGER PRIMARY KEY,
	id TEXT NOT NULL,
	tenant_id TEXT NOT NULL,
	workspace_id TEXT NOT NULL,
	version INTEGER NOT NULL,
	created_at INTEGER,
	updated_at INTEGER,
	deleted_at INTEGER,
	name TEXT NOT NULL,
	description TEXT NOT NULL,
	permissions TEXT NOT NULL,
	name_folded TEXT NOT NULL DEFAULT '',
	UNIQUE (id, tenant_id)
) STRICT;
-- +goose StatementEnd

-- +goose StatementBegin
CREATE UNIQUE INDEX t_permission_template_tenant_id_name_key ON t_permission_template (tenant_id, name) WHERE deleted_at IS NULL;
-- +goose StatementEnd

-- +goose StatementBegin
CREATE INDEX t_permission_template_tenant_id_n_workspace_id ON t_permission_template (tenant_id, n, workspace_id) WHERE deleted_at IS NULL;
-- +goose StatementEnd

-- +goose StatementBegin
CREATE INDEX t_permission_template_deleted_at ON t_permission_template (deleted_at) WHERE deleted_at IS NOT NULL;
-- +goose StatementEnd

-- +goose StatementBegin
CREATE INDEX t_permission_template_tenant_id_name_folded_n_workspace_id ON t_permission_template (tenant_id, name_folded, n, workspace_id) WHERE deleted_at IS NULL;
-- +goose StatementEnd

-- +goose StatementBegin
CREATE TABLE t_phone (
	n INTEGER PRIMARY KEY,
	user_id TEXT NOT NULL,
	number TEXT NOT NULL,
	confirmed_at INTEGER,
	factor_at INTEGER
) STRICT;
-- +goose StatementEnd

-- +goose StatementBegin
CREATE UNIQUE INDEX t_phone_user_id_key ON t_phone (user_id);
-- +goose StatementEnd

-- +goose StatementBegin
CREATE TABLE t_phone_code (
	n INTEGER PRIMARY KEY,
	user_id TEXT NOT NULL,
	tenant_id TEXT NOT NULL,
	number TEXT NOT NULL,
	purpose TEXT NOT NULL,
	hash BLOB,
	created_at INTEGER,
	expires_at INTEGER,
	used_at INTEGER
) STRICT;
-- +goose StatementEnd

-- +goose StatementBegin
CREATE INDEX t_phone_code_user_id_created_at ON t_phone_code (user_id, created_at);
-- +goose StatementEnd

-- +goose StatementBegin
CREATE INDEX t_phone_code_number_created_at ON t_phone_code (number, created_at);
-- +goose StatementEnd

-- +goose StatementBegin
CREATE INDEX t_phone_code_tenant_id_created_at ON t_phone_code (tenant_id, created_at);
-- +goose StatementEnd

-- +goose StatementBegin
CREATE INDEX t_phone_code_created_at ON t_phone_code (created_at);
-- +goose StatementEnd

-- +goose StatementBegin
CREATE TABLE t_preference (
	user_id TEXT NOT NULL,
	theme TEXT NOT NULL,
	density TEXT NOT NULL,
	new_device INTEGER NOT NULL,
	PRIMARY KEY (user_id)
) STRICT, WITHOUT ROWID;
-- +goose StatementEnd

-- +goose StatementBegin
CREATE TABLE t_refresh_token (
	n INTEGER PRIMARY KEY,
	hash TEXT NOT NULL,
	session_id TEXT NOT NULL,
	used_at INTEGER
) STRICT;
-- +goose StatementEnd

-- +goose StatementBegin
CREATE UNIQUE INDEX t_refresh_token_hash_key ON t_refresh_token (hash);
-- +goose StatementEnd

-- +goose StatementBegin
CREATE INDEX t_refresh_token_session_id ON t_refresh_token (session_id);
-- +goose StatementEnd

-- +goose StatementBegin
CREATE TABLE t_remembered_device (
	n INTEGER PRIMARY KEY,
	id TEXT NOT NULL,
	hash TEXT NOT NULL,
	user_id TEXT NOT NULL,
	address TEXT NOT NULL,
	user_agent TEXT NOT NULL,
	created_at INTEGER,
	expires_at INTEGER,
	host TEXT NOT NULL,
	UNIQUE (id)
) STRICT;
-- +goose StatementEnd

-- +goose StatementBegin
CREATE UNIQUE INDEX t_remembered_device_hash_key ON t_remembered_device (hash);
-- +goose StatementEnd

-- +goose StatementBegin
CREATE INDEX t_remembered_device_user_id ON t_remembered_device (user_id);
-- +goose StatementEnd

-- +goose StatementBegin
CREATE TABLE t_schedule (
	n INTEGER PRIMARY KEY,
	tenant_id TEXT NOT NULL,
	workflow_id TEXT NOT NULL,
	version INTEGER NOT NULL,
	node_id TEXT NOT NULL,
	rule INTEGER NOT NULL,
	due_at INTEGER
) STRICT;
-- +goose StatementEnd

-- +goose StatementBegin
CREATE INDEX t_schedule_due_at ON t_schedule (due_at);
-- +goose StatementEnd

-- +goose StatementBegin
CREATE INDEX t_schedule_tenant_id_workflow_id ON t_schedule (tenant_id, workflow_id);
-- +goose StatementEnd

-- +goose StatementBegin
CREATE TABLE t_secret (
	n INTEGER PRIMARY KEY,
	id TEXT NOT NULL,
	tenant_id TEXT NOT NULL,
	workspace_id TEXT NOT NULL,
	version INTEGER NOT NULL,
	created_at INTEGER,
	updated_at INTEGER,
	deleted_at INTEGER,
	name TEXT NOT NULL,
	value BLOB,
	description TEXT NOT NULL,
	name_folded TEXT NOT NULL DEFAULT '',
	UNIQUE (id, tenant_id)
) STRICT;
-- +goose StatementEnd

-- +goose StatementBegin
CREATE UNIQUE INDEX t_secret_tenant_id_name_key ON t_secret (tenant_id, name) WHERE deleted_at IS NULL;
-- +goose StatementEnd

-- +goose StatementBegin
CREATE INDEX t_secret_tenant_id_n_workspace_id ON t_secret (tenant_id, n, workspace_id) WHERE deleted_at IS NULL;
-- +goose StatementEnd

-- +goose StatementBegin
CREATE INDEX t_secret_deleted_at ON t_secret (deleted_at) WHERE deleted_at IS NOT NULL;
-- +goose StatementEnd

-- +goose StatementBegin
CREATE INDEX t_secret_tenant_id_name_folded_n_workspace_id ON t_secret (tenant_id, name_folded, n, workspace_id) WHERE deleted_at IS NULL;
-- +goose StatementEnd

-- +goose StatementBegin
CREATE TABLE t_seen (
	n INTEGER PRIMARY KEY,
	tenant_id TEXT NOT NULL,
	workflow_id TEXT NOT NULL,
	node TEXT NOT NULL,
	mark TEXT NOT NULL,
	step TEXT NOT NULL,
	value TEXT NOT NULL,
	previous TEXT NOT NULL
) STRICT;
-- +goose StatementEnd

-- +goose StatementBegin
CREATE UNIQUE INDEX t_seen_tenant_id_workflow_id_node_mark_key ON t_seen (tenant_id, workflow_id, node, mark);
-- +goose StatementEnd

-- +goose StatementBegin
CREATE INDEX t_seen_workflow_id_node ON t_seen (workflow_id, node);
-- +goose StatementEnd

-- +goose StatementBegin
CREATE TABLE t_session (
	n INTEGER PRIMARY KEY,
	id TEXT NOT NULL,
	hash TEXT NOT NULL,
	user_id TEXT NOT NULL,
	tenant_id TEXT NOT NULL,
	form_token TEXT NOT NULL,
	address TEXT NOT NULL,
	user_agent TEXT NOT NULL,
	created_at INTEGER,
	seen_at INTEGER,
	proved_at INTEGER,
	host TEXT NOT NULL,
	UNIQUE (id)
) STRICT;
-- +goose StatementEnd

-- +goose StatementBegin
CREATE UNIQUE INDEX t_session_hash_key ON t_session (hash);
-- +goose StatementEnd

-- +goose StatementBegin
CREATE INDEX t_session_user_id ON t_session (user_id);
-- +goose StatementEnd

-- +goose StatementBegin
CREATE TABLE t_setup (
	n INTEGER PRIMARY KEY,
	hash TEXT NOT NULL,
	expires_at INTEGER
) STRICT;
-- +goose StatementEnd

-- +goose StatementBegin
CREATE TABLE t_signing_key (
	n INTEGER PRIMARY KEY,
	id TEXT NOT NULL,
	public BLOB,
	seed BLOB,
	created_at INTEGER,
	UNIQUE (id)
) STRICT;
-- +goose StatementEnd

-- +goose StatementBegin
CREATE TABLE t_skipped_step (
	tenant_id TEXT NOT NULL,
	step TEXT NOT NULL,
	at INTEGER,
	PRIMARY KEY (tenant_id, step)
) STRICT, WITHOUT ROWID;
-- +goose StatementEnd

-- +goose StatementBegin
CREATE TABLE t_step (
	execution INTEGER NOT NULL,
	seq INTEGER NOT NULL,
	tenant_id TEXT NOT NULL,
	node TEXT NOT NULL,
	status TEXT NOT NULL,
	attempt INTEGER NOT NULL,
	started_at INTEGER,
	finished_at INTEGER,
	outputs TEXT,
	progress TEXT,
	error_code TEXT NOT NULL,
	error_message TEXT NOT NULL,
	exchange TEXT,
	logs TEXT,
	PRIMARY KEY (execution, seq)
) STRICT, WITHOUT ROWID;
-- +goose StatementEnd

-- +goose StatementBegin
CREATE TABLE t_tag (
	n INTEGER PRIMARY KEY,
	id TEXT NOT NULL,
	tenant_id TEXT NOT NULL,
	workspace_id TEXT NOT NULL,
	version INTEGER NOT NULL,
	created_at INTEGER,
	updated_at INTEGER,
	deleted_at INTEGER,
	name TEXT NOT NULL,
	colour TEXT NOT NULL,
	description TEXT NOT NULL,
	name_folded TEXT NOT NULL DEFAULT '',
	UNIQUE (id, tenant_id)
) STRICT;
-- +goose StatementEnd

-- +goose StatementBegin
CREATE UNIQUE INDEX t_tag_tenant_id_name_key ON t_tag (tenant_id, name) WHERE deleted_at IS NULL;
-- +goose StatementEnd

-- +goose StatementBegin
CREATE INDEX t_tag_tenant_id_n_workspace_id ON t_tag (tenant_id, n, workspace_id) WHERE deleted_at IS NULL;
-- +goose StatementEnd

-- +goose StatementBegin
CREATE INDEX t_tag_deleted_at ON t_tag (deleted_at) WHERE deleted_at IS NOT NULL;
-- +goose StatementEnd

-- +goose StatementBegin
CREATE INDEX t_tag_tenant_id_colour_n_workspace_id ON t_tag (tenant_id, colour, n, workspace_id) WHERE deleted_at IS NULL;
-- +goose StatementEnd

-- +goose StatementBegin
CREATE INDEX t_tag_tenant_id_name_folded_n_workspace_id ON t_tag (tenant_id, name_folded, n, workspace_id) WHERE deleted_at IS NULL;
-- +goose StatementEnd

-- +goose StatementBegin
CREATE TABLE t_team_member (
	n INTEGER PRIMARY KEY,
	id TEXT NOT NULL,
	tenant_id TEXT NOT NULL,
	workspace_id TEXT NOT NULL,
	version INTEGER NOT NULL,
	created_at INTEGER,
	updated_at INTEGER,
	deleted_at INTEGER,
	team TEXT,
	user_id TEXT,
	UNIQUE (id, tenant_id),
	FOREIGN KEY (tenant_id, team) REFERENCES t_team (tenant_id, id),
	FOREIGN KEY (user_id) REFERENCES t_user (id)
) STRICT;
-- +goose StatementEnd

-- +goose StatementBegin
CREATE UNIQUE INDEX t_team_member_tenant_id_team_user_id_key ON t_team_member (tenant_id, team, user_id) WHERE deleted_at IS NULL;
-- +goose StatementEnd

-- +goose StatementBegin
CREATE INDEX t_team_member_tenant_id_n_workspace_id ON t_team_member (tenant_id, n, workspace_id) WHERE deleted_at IS NULL;
-- +goose StatementEnd

-- +goose StatementBegin
CREATE INDEX t_team_member_deleted_at ON t_team_member (deleted_at) WHERE deleted_at IS NOT NULL;
-- +goose StatementEnd

-- +goose StatementBegin
CREATE INDEX t_team_member_tenant_id_user_id_n_workspace_id ON t_team_member (tenant_id, user_id, n, workspace_id) WHERE deleted_at IS NULL;
-- +goose StatementEnd

-- +goose StatementBegin
CREATE TABLE t_template (
	n INTEGER PRIMARY KEY,
	id TEXT NOT NULL,
	tenant_id TEXT NOT NULL,
	workspace_id TEXT NOT NULL,
	version INTEGER NOT NULL,
	created_at INTEGER,
	updated_at INTEGER,
	deleted_at INTEGER,
	name TEXT NOT NULL,
	kind TEXT NOT NULL,
	description TEXT NOT NULL,
	title TEXT NOT NULL,
	body TEXT NOT NULL,
	tags TEXT NOT NULL,
	samples TEXT NOT NULL,
	name_folded TEXT NOT NULL DEFAULT '',
	UNIQUE (id, tenant_id)
) STRICT;
-- +goose StatementEnd

-- +goose StatementBegin
CREATE UNIQUE INDEX t_template_tenant_id_name_key ON t_template (tenant_id, name) WHERE deleted_at IS NULL;
-- +goose StatementEnd

-- +goose StatementBegin
CREATE INDEX t_template_tenant_id_n_workspace_id ON t_template (tenant_id, n, workspace_id) WHERE deleted_at IS NULL;
-- +goose StatementEnd

-- +goose StatementBegin
CREATE INDEX t_template_deleted_at ON t_template (deleted_at) WHERE deleted_at IS NOT NULL;
-- +goose StatementEnd

-- +goose StatementBegin
CREATE INDEX t_template_tenant_id_name_folded_n_workspace_id ON t_template (tenant_id, name_folded, n, workspace_id) WHERE deleted_at IS NULL;
-- +goose StatementEnd

-- +goose StatementBegin
CREATE TABLE t_template_field (
	n INTEGER PRIMARY KEY,
	id TEXT NOT NULL,
	tenant_id TEXT NOT NULL,
	workspace_id TEXT NOT NULL,
	version INTEGER NOT NULL,
	created_at INTEGER,
	updated_at INTEGER,
	deleted_at INTEGER,
	template TEXT,
	label TEXT NOT NULL,
	name TEXT NOT NULL,
	type TEXT NOT NULL,
	required INTEGER NOT NULL,
	category TEXT NOT NULL,
	position INTEGER NOT NULL,
	UNIQUE (id, tenant_id),
	FOREIGN KEY (tenant_id, template) REFERENCES t_template (tenant_id, id)
) STRICT;
-- +goose StatementEnd

-- +goose StatementBegin
CREATE UNIQUE INDEX t_template_field_tenant_id_template_name_key ON t_template_field (tenant_id, template, name) WHERE deleted_at IS NULL;
-- +goose StatementEnd

-- +goose StatementBegin
CREATE INDEX t_template_field_tenant_id_n_workspace_id ON t_template_field (tenant_id, n, workspace_id) WHERE deleted_at IS NULL;
-- +goose StatementEnd

-- +goose StatementBegin
CREATE INDEX t_template_field_deleted_at ON t_template_field (deleted_at) WHERE deleted_at IS NOT NULL;
-- +goose StatementEnd

-- +goose StatementBegin
CREATE INDEX t_template_field_tenant_id_type_n_workspace_id ON t_template_field (tenant_id, type, n, workspace_id) WHERE deleted_at IS NULL;
-- +goose StatementEnd

-- +goose StatementBegin
CREATE TABLE t_tenant (
	n INTEGER PRIMARY KEY,
	id TEXT NOT NULL,
	version INTEGER NOT NULL,
	created_at INTEGER,
	updated_at INTEGER,
	deleted_at INTEGER,
	name TEXT NOT NULL,
	slug TEXT NOT NULL,
	time_zone TEXT NOT NULL,
	default_role TEXT NOT NULL,
	join_by_domain INTEGER NOT NULL,
	second_factor TEXT NOT NULL,
	idle INTEGER NOT NULL,
	absolute INTEGER NOT NULL,
	networks TEXT NOT NULL,
	data_region TEXT NOT NULL,
	support_tier TEXT NOT NULL,
	suspended_at INTEGER,
	suspended_for TEXT NOT NULL,
	delete_at INTEGER,
	accent TEXT NOT NULL,
	logo TEXT,
	favicon TEXT,
	sender_name TEXT NOT NULL,
	sign_in_text TEXT NOT NULL,
	hide_powered_by INTEGER NOT NULL,
	UNIQUE (id)
) STRICT;
-- +goose StatementEnd

-- +goose StatementBegin
CREATE UNIQUE INDEX t_tenant_slug_key ON t_tenant (slug) WHERE deleted_at IS NULL;
-- +goose StatementEnd

-- +goose StatementBegin
CREATE TABLE t_totp (
	n INTEGER PRIMARY KEY,
	user_id TEXT NOT NULL,
	secret BLOB,
	confirmed_at INTEGER,
	used TEXT
) STRICT;
-- +goose StatementEnd

-- +goose StatementBegin
CREATE UNIQUE INDEX t_totp_user_id_key ON t_totp (user_id);
-- +goose StatementEnd

-- +goose StatementBegin
CREATE TABLE t_upload (
	n INTEGER PRIMARY KEY,
	id TEXT NOT NULL,
	tenant_id TEXT NOT NULL,
	actor TEXT NOT NULL,
	name TEXT NOT NULL,
	media_type TEXT NOT NULL,
	sum TEXT NOT NULL,
	size INTEGER NOT NULL,
	free_since INTEGER,
	UNIQUE (id, tenant_id)
) STRICT;
-- +goose StatementEnd

-- +goose StatementBegin
CREATE INDEX t_upload_tenant_id_n ON t_upload (tenant_id, n);
-- +goose StatementEnd

-- +goose StatementBegin
CREATE INDEX t_upload_sum ON t_upload (sum);
-- +goose StatementEnd

-- +goose StatementBegin
CREATE INDEX t_upload_free_since ON t_upload (free_since) WHERE free_since IS NOT NULL;
-- +goose StatementEnd

-- +goose StatementBegin
CREATE TABLE t_variable (
	n INTEGER PRIMARY KEY,
	id TEXT NOT NULL,
	tenant_id TEXT NOT NULL,
	workspace_id TEXT NOT NULL,
	version INTEGER NOT NULL,
	created_at INTEGER,
	updated_at INTEGER,
	deleted_at INTEGER,
	name TEXT NOT NULL,
	value TEXT NOT NULL,
	description TEXT NOT NULL,
	name_folded TEXT NOT NULL DEFAULT '',
	UNIQUE (id, tenant_id)
) STRICT;
-- +goose StatementEnd

-- +goose StatementBegin
CREATE UNIQUE INDEX t_variable_tenant_id_workspace_id_name_key ON t_variable (tenant_id, workspace_id, name) WHERE deleted_at IS NULL;
-- +goose StatementEnd

-- +goose StatementBegin
CREATE INDEX t_variable_tenant_id_n_workspace_id ON t_variable (tenant_id, n, workspace_id) WHERE deleted_at IS NULL;
-- +goose StatementEnd

-- +goose StatementBegin
CREATE INDEX t_variable_deleted_at ON t_variable (deleted_at) WHERE deleted_at IS NOT NULL;
-- +goose StatementEnd

-- +goose StatementBegin
CREATE INDEX t_variable_tenant_id_name_folded_n_workspace_id ON t_variable (tenant_id, name_folded, n, workspace_id) WHERE deleted_at IS NULL;
-- +goose StatementEnd

-- +goose StatementBegin
CREATE TABLE t_view (
	n INTEGER PRIMARY KEY,
	id TEXT NOT NULL,
	tenant_id TEXT NOT NULL,
	owner_id TEXT NOT NULL,
	kind TEXT NOT NULL,
	name TEXT NOT NULL,
	query TEXT NOT NULL,
	columns TEXT NOT NULL,
	shared TEXT NOT NULL,
	version INTEGER NOT NULL,
	created_at INTEGER,
	updated_at INTEGER,
	UNIQUE (id, tenant_id)
) STRICT;
-- +goose StatementEnd

-- +goose StatementBegin
CREATE UNIQUE INDEX t_view_tenant_id_owner_id_kind_name_key ON t_view (tenant_id, owner_id, kind, name);
-- +goose StatementEnd

-- +goose StatementBegin
CREATE INDEX t_view_tenant_id_n ON t_view (tenant_id, n);
-- +goose StatementEnd

-- +goose StatementBegin
CREATE TABLE t_wait (
	execution INTEGER NOT NULL,
	seq INTEGER NOT NULL,
	tenant_id TEXT NOT NULL,
	epoch INTEGER NOT NULL,
	methods TEXT NOT NULL,
	missing INTEGER NOT NULL,
	answer TEXT,
	PRIMARY KEY (execution, seq)
) STRICT, WITHOUT ROWID;
-- +goose StatementEnd

-- +goose StatementBegin
CREATE TABLE t_workflow_trial (
	n INTEGER PRIMARY KEY,
	tenant_id TEXT NOT NULL,
	workflow_id TEXT NOT NULL,
	number INTEGER NOT NULL,
	created_at INTEGER,
	author_id TEXT NOT NULL,
	author_name TEXT NOT NULL,
	note TEXT NOT NULL,
	changes INTEGER NOT NULL,
	settings TEXT,
	nodes TEXT,
	connections TEXT
) STRICT;
-- +goose StatementEnd

-- +goose StatementBegin
CREATE UNIQUE INDEX t_workflow_trial_tenant_id_workflow_id_number_key ON t_workflow_trial (tenant_id, workflow_id, number);
-- +goose StatementEnd

-- +goose StatementBegin
CREATE TABLE t_workflow_version (
	n INTEGER PRIMARY KEY,
	tenant_id TEXT NOT NULL,
	workflow_id TEXT NOT NULL,
	number INTEGER NOT NULL,
	created_at INTEGER,
	author_id TEXT NOT NULL,
	author_name TEXT NOT NULL,
	note TEXT NOT NULL,
	changes INTEGER NOT NULL,
	settings TEXT,
	nodes TEXT,
	connections TEXT
) STRICT;
-- +goose StatementEnd

-- +goose StatementBegin
CREATE UNIQUE INDEX t_workflow_version_tenant_id_workflow_id_number_key ON t_workflow_version (tenant_id, workflow_id, number);
-- +goose StatementEnd

-- +goose StatementBegin
CREATE TRIGGER t_workflow_version_no_delete BEFORE DELETE ON t_workflow_version WHEN NOT EXISTS (SELECT 1 FROM t_erasing e WHERE e.tenant_id = OLD.tenant_id) BEGIN SELECT RAISE(ABORT, 'appended rows stay'); END;
-- +goose StatementEnd

-- +goose StatementBegin
CREATE TRIGGER t_workflow_version_no_update BEFORE UPDATE ON t_workflow_version BEGIN SELECT RAISE(ABORT, 'appended rows stay'); END;
-- +goose StatementEnd

-- +goose StatementBegin
CREATE TABLE t_entry (
	tenant_id TEXT NOT NULL,
	list TEXT NOT NULL,
	entry TEXT NOT NULL,
	row_n INTEGER NOT NULL,
	PRIMARY KEY (tenant_id, list, entry, row_n)
) STRICT, WITHOUT ROWID;
-- +goose StatementEnd

-- +goose StatementBegin
CREATE INDEX t_entry_tenant_id_list_row_n ON t_entry (tenant_id, list, row_n);
-- +goose StatementEnd

-- +goose StatementBegin
CREATE TABLE t_search (
	n INTEGER PRIMARY KEY,
	tenant_id TEXT NOT NULL,
	workspace_id TEXT NOT NULL,
	kind TEXT NOT NULL,
	resource_id TEXT NOT NULL,
	title TEXT NOT NULL,
	body TEXT NOT NULL
) STRICT;
-- +goose StatementEnd

-- +goose StatementBegin
CREATE UNIQUE INDEX t_search_tenant_id_resource_id_key ON t_search (tenant_id, resource_id);
-- +goose StatementEnd

-- +goose StatementBegin
CREATE TABLE t_erasing (
	tenant_id TEXT NOT NULL,
	PRIMARY KEY (tenant_id)
) STRICT, WITHOUT ROWID;
-- +goose StatementEnd

-- +goose StatementBegin
CREATE VIRTUAL TABLE f_search USING fts5 (words, content='', contentless_delete=1, tokenize="ascii tokenchars '_'");
-- +goose StatementEnd

-- +goose StatementBegin
CREATE VIRTUAL TABLE v_search USING fts5vocab (f_search, row);
-- +goose StatementEnd

