/* libdinoscope: one header for all of it. Those that are installed name each
 * other without a folder, so that they can lie in any. */
#pragma once

#include "dinoscope-bytes.h"
#include "dinoscope-context.h"
#include "dinoscope-engine.h"
#include "dinoscope-enums.h"
#include "dinoscope-error.h"
#include "dinoscope-features.h"
#include "dinoscope-map-style.h"
#include "dinoscope-map.h"
#include "dinoscope-model-input.h"
#include "dinoscope-model.h"
#include "dinoscope-overlay-provider.h"
#include "dinoscope-overlays.h"
#include "dinoscope-parameter.h"
#include "dinoscope-plugin.h"
#include "dinoscope-preparation.h"
#include "dinoscope-study.h"
#include "dinoscope-tensor-file.h"
#include "dinoscope-version.h"

#ifdef DINOSCOPE_INTERNAL
#include "engine/dinoscope-found-model.h"
#include "engine/dinoscope-model-finder.h"
#include "engine/dinoscope-sidecar.h"
#include "engine/dinoscope-sweep.h"
#endif
