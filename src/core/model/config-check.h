/* The bounds of a configuration, wherever it came from. */
#pragma once

#include "core/model/config.h"

/* Everything that dino_config_read() promises of a configuration's numbers. */
bool dino_config_check (const struct dino_config *config, const char *path, struct dino_error *error);
