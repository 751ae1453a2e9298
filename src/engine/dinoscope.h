/* libdinoscope: one header for all of it. */
#pragma once

#include "engine/dinoscope-context.h"
#include "engine/dinoscope-engine.h"
#include "engine/dinoscope-error.h"
#include "engine/dinoscope-features.h"
#include "engine/dinoscope-found-model.h"
#include "engine/dinoscope-map.h"
#include "engine/dinoscope-model.h"
#include "engine/dinoscope-model-finder.h"
#include "engine/dinoscope-model-input.h"
#include "engine/dinoscope-overlay-provider.h"
#include "engine/dinoscope-overlays.h"
#include "engine/dinoscope-parameter.h"
#include "engine/dinoscope-sidecar.h"
#include "engine/dinoscope-study.h"
#include "engine/dinoscope-sweep.h"
