<?php
// The status is named, so the method and the body stay.
header('Location: https://example.com/new-endpoint', true, 307);
