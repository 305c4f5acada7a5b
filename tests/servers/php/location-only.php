<?php
// No status is named: PHP makes it 302, and a POST comes out as a GET.
header('Location: https://example.com/new-endpoint');
