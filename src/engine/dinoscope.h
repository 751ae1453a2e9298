/* libdinoscope: one header for all of it. What is installed is what overlays of
 * others need; these headers name each other without a folder, so that they can
 * lie in any. */
#pragma once

#include "dinoscope-context.h"
#include "dinoscope-error.h"
#include "dinoscope-features.h"
#include "dinoscope-map.h"
#include "dinoscope-model.h"
#include "dinoscope-overlay-provider.h"
#include "dinoscope-parameter.h"
#include "dinoscope-plugin.h"
#include "dinoscope-tensor-file.h"
#include "dinoscope-version.h"

#ifdef DINOSCOPE_INTERNAL
#include "engine/dinoscope-engine.h"
#include "engine/dinoscope-found-model.h"
#include "engine/dinoscope-model-finder.h"
#include "engine/dinoscope-model-input.h"
#include "engine/dinoscope-overlays.h"
#include "engine/dinoscope-sidecar.h"
#include "engine/dinoscope-study.h"
#include "engine/dinoscope-sweep.h"
#endif
