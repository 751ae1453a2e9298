#pragma once

#include "app/dinoscope-child.h"

G_BEGIN_DECLS

/* Runs "dinoscope-cli model get rad-dino": the window itself opens no network
 * socket. What has arrived is kept when it is cancelled; progress counts bytes.
 * NULL and error when the program cannot be started. */
DinoscopeChild *dinoscope_model_fetch_start (GError **error);

/* Where from and where to, for people. (transfer full) */
char *dinoscope_model_fetch_dup_source (void);
char *dinoscope_model_fetch_dup_target (void);

G_END_DECLS
