# Everything a newcomer and CI call. Each target sets up what it needs first; nothing has to be installed by hand
# but Python 3.11 or newer and Node 20.19 or newer.
.DEFAULT_GOAL := help
.PHONY: help run test faults live-bluesky check e2e bench types screenshots lock clean
TOOL := @exec tools/python -m tools

# A variable counts only when it is given to make itself: many shells export a HOST of their own.
given = $(if $(filter command%,$(origin $(1))),--$(2) "$($(1))")

help: ## This list
	@echo "Mentiondesk. The two commands to know are 'make run' and 'make test'."
	@echo
	@sed -n 's/^\([a-z0-9-]*\):.*## \(.*\)/  make \1\t\2/p' $(firstword $(MAKEFILE_LIST)) | expand -t 20

run: ## Start everything, with a network to play with; HOST= PORT= SANDBOX_PORT= DATA=
	$(TOOL).run $(call given,HOST,host) $(call given,PORT,port) $(call given,SANDBOX_PORT,sandbox-port) $(call given,DATA,data)

test: ## Run every check and every test; FAST=1 stops at the first failure, ONE=tests/path for a part of pytest
	$(TOOL).check test $(call given,FAST,fast) $(call given,ONE,one)

faults: ## Deaths, stops and rude networks under load, long; ONE=tests/faults/test_name.py
	$(TOOL).check faults $(call given,ONE,one)

live-bluesky: ## Tests against Bluesky's own servers, installed beside the checkout; ONE= MAY_SKIP=1
	$(TOOL).live_bluesky $(call given,ONE,one) $(call given,MAY_SKIP,may-skip)

check: ## The fast checks alone: lint, types, layers
	$(TOOL).check lint $(call given,FAST,fast)

e2e: ## The end-to-end tests in a real browser; ONE=tests/e2e/test_name.py
	$(TOOL).check e2e $(call given,ONE,one)

bench: ## The benchmarks, each beside a limit of the same run; ONE=name
	$(TOOL).bench $(call given,ONE,one)

types: ## Write the console's types from the app's OpenAPI
	$(TOOL).openapi

screenshots: ## Photograph every page into screenshots/
	$(TOOL).screenshots

lock: ## Pin the dependencies again; UPGRADE=1 for the newest
	$(TOOL).lock $(if $(filter command%,$(origin UPGRADE)),--upgrade)

clean: ## Remove everything that set-up and tests made; .data/ stays
	$(TOOL).clean
